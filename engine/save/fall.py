"""What hangs on records: the rows that point to them by links, met level by level, and what falls with them.

Deleting, restoring and purging walk the same links. Rows are read locked, in the order in which everybody
locks; statements depend on the depth of the tree and not on its size. What becomes of the rows is for those
who walk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.pointing import pointed
from engine.save.lists import read_lists
from engine.save.sheet import sheet
from engine.save.work import Kind, Row
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from engine.release import Release
    from engine.save.work import Work
    from metadata.catalog import Field, ObjectType

Tree = dict[str, dict[str, Row]]
"""Rows by object id and record id."""

Key = tuple[str, str]
"""A record: object id and record id."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hold:
    """`holder` points to `held` by a link, and so is touched when that is deleted."""

    link: Field
    holder: Key
    held: Key


@dataclass(slots=True, kw_only=True, eq=False)
class Fall:
    """What a batch of deletions would touch: records by key as they are, why, and what cascades from each."""

    found: dict[Key, dict[str, Any]] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    cascades: dict[Key, list[Key]] = field(default_factory=dict)

    def add(self, hold: Hold, values: dict[str, Any]) -> None:
        """Note that a record, as it is, holds another."""
        self.found.setdefault(hold.holder, {}).update(values)
        self.holds.append(hold)
        if hold.link.on_delete == "cascade":
            self.cascades.setdefault(hold.held, []).append(hold.holder)

    def gone(self, roots: Iterable[Key]) -> set[Key]:
        """What is deleted if these are: they, and what cascades from them."""
        gone, pending = set[Key](), list(roots)
        while pending:
            if (key := pending.pop()) not in gone:
                gone.add(key)
                pending.extend(self.cascades.get(key, ()))
        return gone

    def of(self, on_delete: str, gone: set[Key]) -> list[Hold]:
        """The holds of one kind by records that stay on records that go."""
        return [
            hold
            for hold in self.holds
            if hold.link.on_delete == on_delete and hold.held in gone and hold.holder not in gone
        ]


def held_by(link: Field, values: Mapping[str, Any], ids: Collection[str]) -> tuple[str, ...]:
    """Which of the records `ids` a row points to by `link`."""
    value = values[link.name]
    return tuple(filter(ids.__contains__, value)) if link.many else (pointed(link, value)[1],)


def links_to(work: Work, front: Mapping[str, Collection[str]]) -> Iterator[tuple[ObjectType, Field]]:
    """The links into the objects of a level, in the order in which tables are locked."""
    for source in sorted(work.release.catalog.objects.values(), key=lambda found: found.table):
        if not (source.retired or source.query):
            plan = sheet(work.release, source)
            for link in (*plan.links, *plan.members):
                for target in (link.target, link.members, *link.others):
                    if target and front.get(target.id):
                        yield target, link


def linking(
    work: Work, target: ObjectType, link: Field, ids: list[str], *, deleted: bool
) -> list[dict[str, Any]]:
    shape = ("linking", target.id, link.id, deleted)
    statement = work.release.statements.get(
        shape, lambda: _build(work.release, target, link, deleted=deleted)
    )
    keys = [slot.key for slot in sheet(work.release, link.object).kept]
    rows = statement.rows(work.connection, {"ids": id_list(sorted(ids), work.release.dialect)})
    found = [dict(zip(keys, row, strict=True)) for row in rows]
    lists = read_lists(work, link.object, {values["id"] for values in found}) if link.many else {}
    return [values | lists.get(values["id"], {}) for values in found]


def _build(release: Release, target: ObjectType, link: Field, *, deleted: bool) -> Statement:
    table = release.tables[link.object.id].table
    kept = sheet(release, link.object).kept
    gone = table.c.deleted_at
    columns = (table.c[slot.column] for slot in kept)
    rows = (
        sa.select(*columns)
        .where(
            *_pointing(release, target, link),
            gone.is_not(None) if deleted else gone.is_(None),
        )
        .order_by(table.c.id)
    )
    locked = rows if release.dialect.sqlite else rows.with_for_update(of=table)
    return compile_statement(locked, release.dialect, [slot.decode for slot in kept])


def _pointing(release: Release, target: ObjectType, link: Field) -> list[sa.ColumnElement[bool]]:
    """That a row points by `link` at one of the records `ids` of `target`."""
    table = release.tables[link.object.id]
    if link.many:
        rows = table.lists[link.name].table
        holders = sa.select(rows.c.record).where(among_ids(rows.c.value, "ids", release.dialect))
        return [table.table.c.id.in_(holders)]
    kept = table.kept[link.name]
    if not link.others:
        return [among_ids(kept.value.column, "ids", release.dialect)]
    code, identity = kept.parts["object"].column, kept.parts["id"].column
    return [among_ids(identity, "ids", release.dialect), code == sa.literal(target.table, code.type)]


def row_of(work: Work, values: dict[str, Any], kind: Kind) -> Row:
    after = values | {"modified_at": work.now, "modified_by": work.actor.id, "version": values["version"] + 1}
    if kind is not Kind.UPDATED:
        after["deleted_at"] = work.now if kind is Kind.DELETED else None
    return Row(place=0, kind=kind, id=values["id"], version=None, given={}, before=values, after=after)
