"""The names that a line's formula may use: its objects' fields as they, or Salesforce, spell them.

`account__r.owner:user.name` finds the lookup declared as `Account__c`, `Account`, `AccountId` or `account`;
`$setup.x__c.y__c` the field of the object `X__c`. The key of a Reference is the way to its value in a row.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.expr import Reference
from formula.types import ID, NUMBER, TEXT, Kind
from runtime.formulas.model import Declared, spellings
from runtime.formulas.standard import ROOTS, SUPPLIED, standard, standard_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from formula.types import Type
    from runtime.formulas.model import Model, Thing

Words = tuple[str, ...]
Place = tuple[str, int]

_FROM_OBJECTS: Mapping[str, int] = MappingProxyType({"$setup": 1, "$custommetadata": 2, "$objecttype": 2})
"""`$` names that an object follows: how many parts stand before the field."""
_DEGREES = frozenset({"latitude", "longitude"})
MOST_HOPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where the value of a name stands in a row: under `root` if it is a `$` name, then step by step.

    Each step is a tuple of spellings, the declared one first. `attribute`: of the option that stands there.
    `thing`: the object that has the field, if it is declared. `flat`: other names of a part of its value,
    beside the value.
    """

    root: str
    steps: tuple[tuple[str, ...], ...]
    field: Declared
    attribute: str = ""
    thing: Thing | None = None
    flat: tuple[str, ...] = ()


@dataclass(slots=True)
class DeclaredScope:
    """The names of one object of a model.

    `loose`: numbers are not bounded and ids are texts, for rows that go beyond what is declared.
    """

    model: Model
    thing: Thing
    loose: bool = False
    known: dict[tuple[str, ...], Reference | None] = field(default_factory=dict)

    def resolve(self, parts: tuple[str, ...]) -> Reference | None:
        """The reference for a path in lower case. Raises Refused for a field whose type is not understood."""
        if parts not in self.known:
            self.known[parts] = self._find(parts)
        return self.known[parts]

    def names(self, prefix: tuple[str, ...]) -> Iterable[str]:
        """What may follow `prefix`, for hints."""
        match prefix:
            case ():
                return (*self.thing.names.values(), *ROOTS)
            case ("$old",):
                return self.thing.names.values()
            case (root,) if root.startswith("$"):
                return standard_names(root)
            case _:
                target = self._target(prefix)
                return () if target is None else target.names.values()

    def related(self, _parts: tuple[str, ...]) -> None:
        """None: the rows of a model are not related to each other."""

    def links(self) -> Iterable[str]:
        """None."""
        return ()

    def _target(self, prefix: tuple[str, ...]) -> Thing | None:
        way = self._way(self.thing, prefix)
        targets = way.field.targets if way else ()
        return self.model.get(targets[0]) if targets else None

    def _find(self, parts: tuple[str, ...]) -> Reference | None:
        root, rest = parts[0], parts[1:]
        if not root.startswith("$"):
            return self._reference(self._way(self.thing, parts))
        if not rest:
            return None
        if root == "$old":
            return self._reference(self._way(self.thing, rest), root)
        if root in SUPPLIED:
            return Reference(name=".".join(parts), type=TEXT)
        return self._reference(self._global(root, rest), root) or self._standard(root, rest)

    def _reference(self, way: Way | None, root: str = "") -> Reference | None:
        if way is None:
            return None
        way = replace(way, root=root)
        type_ = way.field.attributes[way.attribute][0] if way.attribute else way.field.type
        name = ".".join([*([root] if root else []), *(step[0] for step in way.steps)])
        name = f"{name}.{way.attribute}" if way.attribute else name
        return Reference(name=name, type=_loosened(type_) if self.loose else type_, key=way)

    def _standard(self, root: str, rest: tuple[str, ...]) -> Reference | None:
        type_ = standard(root, rest)
        if type_ is None:
            return None
        steps = tuple((part,) for part in rest)
        key = Way(root=root, steps=steps, field=Declared(name=rest[-1], type=type_))
        return Reference(name=".".join((root, *rest)), type=type_, key=key)

    def _global(self, root: str, rest: tuple[str, ...]) -> Way | None:
        """What the objects say of it: `$User` or `User`; of `$Setup.X__c.Y__c` the object `X__c`."""
        for name in (root, root.removeprefix("$")):
            thing = self.model.get(name)
            if thing is not None and (way := self._way(thing, rest)) is not None:
                return way
        record = _FROM_OBJECTS.get(root, len(rest))
        thing = self.model.get(rest[0]) if len(rest) > record else None
        if thing is None:
            return None
        way = self._way(thing, rest[record:])
        before = tuple((part,) for part in rest[:record])
        return None if way is None else replace(way, steps=(*before, *way.steps))

    def _way(self, thing: Thing, parts: tuple[str, ...]) -> Way | None:
        """The way that a path means from an object on: the first that leads to a field, if any does."""
        return self._search(thing, parts, (), set())

    def _search(self, thing: Thing, parts: Words, before: tuple[Words, ...], dead: set[Place]) -> Way | None:
        """`dead`: from where, with how many parts to go, there is no way; each is looked at once."""
        place = (thing.name, len(parts))
        if len(parts) == 1 and (way := _beside(thing, parts[0], before)) is not None:
            return way
        if len(before) > MOST_HOPS or place in dead:
            return None
        dead.add(place)
        for length in range(len(parts) if thing.dotted else 1, 0, -1):
            word, rest = ".".join(parts[:length]), parts[length:]
            for found in _fields(thing, word):
                steps = (*before, _steps(found))
                if not rest:
                    return Way(root="", steps=steps, field=found, thing=thing)
                if len(rest) == 1 and rest[0] in found.attributes:
                    return Way(root="", steps=steps, field=found, attribute=rest[0])
                if len(rest) == 1 and (way := _part(found, rest[0], steps, thing)) is not None:
                    return way
                for target in self._targets(found, word):
                    if (way := self._search(target, rest, steps, dead)) is not None:
                        return way
        return None

    def _targets(self, link: Declared, word: str) -> Iterator[Thing]:
        """The objects that a link leads to; `owner:user` says which."""
        _, _, wanted = word.partition(":")
        for name in link.targets:
            if not wanted or name.lower() in spellings(wanted, "__c"):
                found = self.model.get(name)
                if found is not None:
                    yield found


def _loosened(type_: Type) -> Type:
    match type_.kind:
        case Kind.NUMBER:
            return replace(type_, precision=None, scale=None)
        case Kind.ID:
            return TEXT
        case _:
            return type_


def _part(place: Declared, part: str, steps: tuple[Words, ...], thing: Thing) -> Way | None:
    """Latitude or longitude of a location: within its value, or beside it as Salesforce names them."""
    name = part.removesuffix("__s")
    if not place.type.location or name not in _DEGREES:
        return None
    stem = place.name.removesuffix("__c")
    flat = (f"{stem}__{name}__s", f"{stem}__{name}", f"{stem}{name}")
    steps = (*steps, (name, name[:3], f"{name}__s"))
    return Way(root="", steps=steps, field=Declared(name=name, type=NUMBER), thing=thing, flat=flat)


def _beside(thing: Thing, word: str, before: tuple[Words, ...]) -> Way | None:
    """`office__latitude__s`, a part of the location `office__c`."""
    stem, _, part = word.removesuffix("__s").rpartition("__")
    if not word.endswith("__s") or part not in _DEGREES:
        return None
    found = next((each for name in (f"{stem}__c", stem) if (each := thing.get(name)) is not None), None)
    return None if found is None else _part(found, part, (*before, _steps(found)), thing)


def _fields(thing: Thing, word: str) -> Iterator[Declared]:
    """The fields that a word may name, the nearest spelling first."""
    bare = word.partition(":")[0]
    stem = bare.removesuffix("__r").removesuffix("__c")
    for name in dict.fromkeys((word, bare)):
        if (found := thing.get(name)) is not None:
            yield found
    links = (f"{bare}id", bare.removesuffix("id"))
    for name in (*links, f"{stem}__c", stem):
        found = thing.get(name) if name != bare else None
        if found is not None and (name not in links or found.type.kind is Kind.ID):
            yield found
    if bare == "id" and "id" not in thing.names:
        yield Declared(name="id", type=ID)


def _steps(found: Declared) -> tuple[str, ...]:
    """The spellings under which a row may have a field's value, the declared one first."""
    name = found.name
    stem = name.removesuffix("__c")
    others = (f"{stem}__r", stem, f"{stem}__c") if found.type.kind is Kind.ID else (stem, f"{stem}__c")
    if found.type.kind is Kind.ID and not name.endswith("__c"):
        others = (name.removesuffix("id"), f"{name}id", *others)
    return tuple(dict.fromkeys((name, *filter(None, others))))
