"""Locks on the records whose values are computed, and on those that a formula looks at; PostgreSQL only.

Taken in one order – level, table, id – before anything is read of them: so two savers of one record's parts
wait for each other and do not stand still. SQLite has one writer at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.catalog import FieldPath
from metadata.derivation import formula_paths, reads

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from engine.database import Connection
    from engine.derived.graph import Group
    from engine.release import Release
    from formula.expr import Formula
    from metadata.catalog import Field, ObjectType
    from metadata.derivation import Derivation

Links = tuple["Field", ...]


class Locks:
    """What one transaction holds by now; `held` are records, by object id and id, that it wrote."""

    def __init__(
        self, release: Release, connection: Connection, held: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._release = release
        self._connection = connection
        self._held = set(held)

    def take(self, target: ObjectType, ids: Collection[str]) -> None:
        """Keep others from changing these records, though not from linking to them."""
        wanted = sorted(id_ for id_ in ids if (target.id, id_) not in self._held)
        release = self._release
        if not wanted or release.dialect.sqlite:
            return
        self._held.update((target.id, id_) for id_ in wanted)
        statement = release.statements.get(("derived lock", target.id), lambda: _taking(release, target))
        statement.rows(self._connection, {"ids": id_list(wanted, release.dialect)})

    def share(self, group: Group, ids: Collection[str]) -> None:
        """Keep what formulas of the group look at behind links as it is, from the nearest on."""
        release = self._release
        if release.dialect.sqlite:
            return
        statements = release.statements.get(("derived share", group), lambda: tuple(_sharing(release, group)))
        for statement in statements:
            statement.rows(self._connection, {"ids": id_list(sorted(ids), release.dialect)})


def _taking(release: Release, target: ObjectType) -> Statement:
    table = release.tables[target.id].table
    rows = sa.select(table.c.id).where(among_ids(table.c.id, "ids", release.dialect)).order_by(table.c.id)
    return compile_statement(rows.with_for_update(key_share=True), release.dialect)


def _sharing(release: Release, group: Group) -> Iterator[Statement]:
    """One statement for each link, as the next is known for certain when this one is held."""
    ways = dict.fromkeys(
        path.links[:depth]
        for each in group.derived
        if each.rollup is None
        for path in _paths(each.derivation)
        for depth in range(1, len(path.links) + 1)
    )
    for links in sorted(ways, key=lambda links: (len(links), [link.name for link in links])):
        target = links[-1].target
        assert target is not None
        table = release.tables[target.id].table
        rows = sa.select(table.c.id).where(table.c.id.in_(_reached(release, group.object, links)))
        yield compile_statement(rows.order_by(table.c.id).with_for_update(read=True), release.dialect)


def _reached(release: Release, start: ObjectType, links: Links) -> sa.Select[Any]:
    """The ids that links lead to from the records `ids`."""
    here = release.tables[start.id].table.alias()
    chosen = among_ids(here.c.id, "ids", release.dialect)
    for link in links[:-1]:
        assert link.target is not None
        column, further = here.c[link.column], release.tables[link.target.id].table.alias()
        chosen = further.c.id.in_(sa.select(column).where(chosen))
        here = further
    return sa.select(here.c[links[-1].column]).where(chosen)


def _paths(derivation: Derivation) -> Iterator[FieldPath]:
    """The paths of a formula, those within formulas that are computed when read too."""
    for path in reads(derivation):
        yield from _expanded(path, ())


def _expanded(path: FieldPath, before: Links) -> Iterator[FieldPath]:
    whole = FieldPath(links=(*before, *path.links), field=path.field, part=path.part)
    formula: Formula | None = path.field.formula
    if formula is None:
        yield whole
        return
    yield FieldPath(links=whole.links, field=path.field)
    for inner in formula_paths(formula):
        yield from _expanded(inner, whole.links)
