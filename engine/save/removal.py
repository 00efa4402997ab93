"""Pass: deletion into the recycle bin and restoring from it, with what hangs on the records.

A link with `on_delete: restrict` refuses; `cascade` takes the linking record along, `set_null` blanks the
link. The tree is walked level by level, so statements depend on its depth and not on its size. What was
deleted together bears the same `deleted_at`, and comes back together. Each row of a batch answers for what
hangs on it alone: what restricts one deletion leaves the others standing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.pointing import pointed
from engine.save.lists import read_lists
from engine.save.organisation import keep_closure
from engine.save.sheet import sheet
from engine.save.work import Kind, Row, Work
from engine.save.write import entry, update_rows
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from engine.release import Release
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


def remove(work: Work) -> None:
    """Put the batch's deleted rows, and what cascades from them, into the bin."""
    roots = {(work.object.id, row.id): row for row in work.sound(Kind.DELETED)}
    fall, front, met = Fall(), {work.object.id: [row.id for row in roots.values()]}, set(roots)
    while any(front.values()):
        front = _next_level(work, front, fall, met)
    gone = _judge(work, fall, roots)
    if gone and (work.mutation.partial or not any(row.details for row in roots.values())):
        _store(work, _deleted(work, fall, gone, roots))
        _store(work, _blanked(work, fall, gone))


def revive(work: Work) -> None:
    """Bring back what went into the bin together with the batch's restored rows."""
    front: Tree = {work.object.id: {row.id: row for row in work.sound(Kind.RESTORED)}}
    revived: Tree = {}
    while any(front.values()):
        front = _revived_level(work, front, revived)
    _store(work, revived)


def _next_level(work: Work, front: dict[str, list[str]], fall: Fall, met: set[Key]) -> dict[str, list[str]]:
    """Note what points to the records of a level; returns what cascades from it and was not met before."""
    deeper: dict[str, list[str]] = {}
    for target, link in _links_to(work, front):
        for values in _linking(work, target, link, front[target.id], deleted=False):
            holder = (link.object.id, values["id"])
            for record in _held(link, values, front[target.id]):
                fall.add(Hold(link=link, holder=holder, held=(target.id, record)), values)
            if link.on_delete == "cascade" and holder not in met:
                met.add(holder)
                deeper.setdefault(link.object.id, []).append(values["id"])
    return deeper


def _judge(work: Work, fall: Fall, roots: dict[Key, Row]) -> set[Key]:
    """Refuse the deletions that something restricts, until nothing does; returns what is deleted then."""
    while True:
        standing = [key for key, row in roots.items() if not row.details]
        gone = fall.gone(standing)
        barred = {hold.held: hold.link for hold in fall.of("restrict", gone)}
        if not barred:
            return gone
        for key in standing:
            if hit := fall.gone([key]) & barred.keys():
                _restrict(work, roots[key], barred[min(hit)])


def _deleted(work: Work, fall: Fall, gone: set[Key], roots: dict[Key, Row]) -> Tree:
    tree: Tree = {}
    for key in (key for key in dict.fromkeys((*roots, *fall.found)) if key in gone):
        row = roots.get(key) or _row(work, fall.found[key], Kind.DELETED)
        tree.setdefault(key[0], {})[key[1]] = row
    return tree


def _blanked(work: Work, fall: Fall, gone: set[Key]) -> Tree:
    tree: Tree = {}
    for hold in fall.of("set_null", gone):
        rows = tree.setdefault(hold.holder[0], {})
        row = rows.setdefault(hold.holder[1], _row(work, fall.found[hold.holder], Kind.UPDATED))
        row.after[hold.link.name] = _without(row.after[hold.link.name], hold)
    return tree


def _without(value: Any, hold: Hold) -> Any:
    """A link, or a list of links, without the record that goes."""
    if not hold.link.many:
        return None
    return tuple(record for record in value if record != hold.held[1]) or None


def _held(link: Field, values: Mapping[str, Any], ids: Collection[str]) -> tuple[str, ...]:
    """Which of the records `ids` a row points to by `link`."""
    value = values[link.name]
    return tuple(filter(ids.__contains__, value)) if link.many else (pointed(link, value)[1],)


def _revived_level(work: Work, front: Tree, revived: Tree) -> Tree:
    deeper: Tree = {}
    for target, link in _links_to(work, front):
        if link.on_delete != "cascade":
            continue
        times = {row.id: row.before["deleted_at"] for row in front[target.id].values()}
        for values in _linking(work, target, link, list(times), deleted=True):
            known = revived.setdefault(link.object.id, {})
            held = _held(link, values, times)
            if values["deleted_at"] in {times[id_] for id_ in held} and values["id"] not in known:
                row = _row(work, values, Kind.RESTORED)
                known[row.id] = row
                deeper.setdefault(link.object.id, {})[row.id] = row
    return deeper


def _links_to(work: Work, front: Mapping[str, Collection[str]]) -> Iterator[tuple[ObjectType, Field]]:
    """The links into the objects of a level, in the order in which tables are locked."""
    for source in sorted(work.release.catalog.objects.values(), key=lambda found: found.table):
        if not (source.retired or source.query):
            plan = sheet(work.release, source)
            for link in (*plan.links, *plan.members):
                for target in (link.target, link.members, *link.others):
                    if target and front.get(target.id):
                        yield target, link


def _linking(
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


def _restrict(work: Work, row: Row, link: Field) -> None:
    noun = link.object.plural.text(work.actor.language)
    row.refuse(codes.STILL_REFERENCED, "{noun} point to this record.", noun=noun)


def _row(work: Work, values: dict[str, Any], kind: Kind) -> Row:
    after = values | {"modified_at": work.now, "modified_by": work.actor.id, "version": values["version"] + 1}
    if kind is not Kind.UPDATED:
        after["deleted_at"] = work.now if kind is Kind.DELETED else None
    return Row(place=0, kind=kind, id=values["id"], version=None, given={}, before=values, after=after)


def _store(work: Work, tree: Tree) -> None:
    """Write rows of several objects, in the order in which tables are locked."""
    objects = {target.id: target for target in work.release.catalog.objects.values()}
    for name, rows in sorted(tree.items(), key=lambda item: objects[item[0]].table):
        target = objects[name]
        update_rows(work, target, list(rows.values()))
        keep_closure(work, target, rows.values())
        work.entries.extend(entry(sheet(work.release, target), target, row) for row in rows.values())
