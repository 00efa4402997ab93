"""Which stored values follow from which: levels in which they can be computed, and what touches each of them.

Made from a Catalog without circles, once per Release. A value of level 1 follows from what people write, one
of level 2 from some of level 1 as well. Formulas that are computed when read stand for what they are made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from metadata.derivation import Rollup, formula_paths, reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.release import Release
    from metadata.catalog import Catalog, Field, FieldPath, ObjectType
    from metadata.derivation import Derivation

PRESENCE = "deleted_at"
_OWNER = ("owner", "department")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived:
    """A stored value that follows from others, and the level in which it is computed."""

    field: Field
    derivation: Derivation
    level: int

    @property
    def rollup(self) -> Rollup | None:
        """How it is rolled up; None for a formula."""
        return self.derivation if isinstance(self.derivation, Rollup) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trigger:
    """A change of one of `keys` of a `source` record touches the value of those that `links` lead from.

    The links start at the record itself for a formula, and at the records that are rolled up for a roll-up.
    """

    derived: Derived
    source: ObjectType
    links: tuple[Field, ...]
    keys: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """The values of one object that are computed together, and what touches them."""

    object: ObjectType
    level: int
    derived: tuple[Derived, ...]
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Graph:
    """`groups` in the order of computing, which is the order of locking: by level, then by table.

    `watched` are the keys of each object that touch something, `rolled` the links that values are rolled up
    along; both by object id.
    """

    groups: tuple[Group, ...]
    watched: Mapping[str, frozenset[str]]
    rolled: Mapping[str, tuple[Field, ...]]

    def of(self, target: ObjectType) -> Iterator[Derived]:
        """The derived values of an object, by level."""
        for group in self.groups:
            if group.object is target:
                yield from group.derived


def graph(release: Release) -> Graph:
    """The graph of a Release."""
    return release.statements.get(("derived",), lambda: graph_of(release.catalog))


def graph_of(catalog: Catalog) -> Graph:
    """The graph of a Catalog."""
    levels: dict[Field, int] = {}
    found = [
        Derived(field=field, derivation=field.derivation, level=_level(field, levels))
        for target in catalog.objects.values()
        if not (target.retired or target.query)
        for field in target.fields.values()
        if field.derivation is not None and not field.retired
    ]
    found.sort(key=lambda each: (each.level, each.field.object.table))
    groups = tuple(
        _group(level, tuple(members))
        for (level, _), members in groupby(found, key=lambda each: (each.level, each.field.object.table))
    )
    watched: dict[str, frozenset[str]] = {}
    for trigger in (trigger for group in groups for trigger in group.triggers):
        watched[trigger.source.id] = watched.get(trigger.source.id, frozenset()) | trigger.keys
    rolled: dict[str, dict[Field, None]] = {}
    for each in (each.rollup for each in found):
        if each is not None:
            rolled.setdefault(each.link.object.id, {})[each.link] = None
    return Graph(groups=groups, watched=watched, rolled={key: tuple(links) for key, links in rolled.items()})


def _group(level: int, derived: tuple[Derived, ...]) -> Group:
    triggers = tuple(trigger for each in derived for trigger in _triggers(each))
    return Group(object=derived[0].field.object, level=level, derived=derived, triggers=triggers)


def _level(field: Field, levels: dict[Field, int]) -> int:
    """One more than the highest of what it follows from; 0 for what people write."""
    if field not in levels:
        paths = (
            reads(field.derivation)
            if field.derivation
            else formula_paths(field.formula)
            if field.formula
            else ()
        )
        below = max((_level(path.field, levels) for path in paths), default=0)
        levels[field] = below + (field.derivation is not None)
    return levels[field]


def _triggers(derived: Derived) -> Iterator[Trigger]:
    """One for each object and way to it, with all keys that matter there."""
    reader = derived.field.object
    keys: dict[tuple[Field, ...], set[str]] = {}
    if (rollup := derived.rollup) is not None:
        reader = rollup.link.object
        keys[()] = {rollup.link.name, PRESENCE}
    for path in reads(derived.derivation):
        _note(path, (), keys)
    for links, names in _with_parents(reader, keys).items():
        source = links[-1].target if links else reader
        assert source is not None
        yield Trigger(derived=derived, source=source, links=links, keys=frozenset(names))


def _note(path: FieldPath, before: tuple[Field, ...], keys: dict[tuple[Field, ...], set[str]]) -> None:
    """What a path reads, behind the links `before`: each link, whether it leads anywhere, the value."""
    here = before
    for link in path.links:
        keys.setdefault(here, set()).add(link.name)
        here = (*here, link)
        keys.setdefault(here, set()).add(PRESENCE)
    if path.field.formula is not None:
        for inner in formula_paths(path.field.formula):
            _note(inner, here, keys)
        return
    own = path.part and path.part in path.field.sort.parts and path.part == "company"
    keys.setdefault(here, set()).add(f"{path.field.name}.{path.part}" if own else path.field.name)


def _with_parents(
    reader: ObjectType, keys: dict[tuple[Field, ...], set[str]]
) -> dict[tuple[Field, ...], set[str]]:
    """A part's owner and department are its parent's, which is handed over in its place."""
    found = {links: set(names) for links, names in keys.items()}
    for links, names in keys.items():
        here, way = (links[-1].target if links else reader), links
        while here is not None and (mine := names.intersection(_OWNER)) and here.master is not None:
            way = (*way, here.master)
            found.setdefault(way, set()).update(mine)
            here = here.master.target
    return found
