"""Pass: deletion into the recycle bin and restoring from it, with what hangs on the records.

A link with `on_delete: restrict` refuses; `cascade` takes the linking record along, `set_null` blanks the
link. The tree is walked level by level, so statements depend on its depth and not on its size. What was
deleted together bears the same `deleted_at`, and comes back together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.save.sheet import sheet
from engine.save.work import Kind, Row, Work
from engine.save.write import entry, update_rows
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.release import Release
    from metadata.catalog import Field, ObjectType

Tree = dict[str, dict[str, Row]]
"""Rows by object id and record id."""


def remove(work: Work) -> None:
    """Put the batch's deleted rows, and what cascades from them, into the bin."""
    removed: Tree = {work.object.id: {row.id: row for row in work.standing(Kind.DELETED)}}
    blanked: Tree = {}
    front = dict(removed)
    while any(front.values()):
        front = _next_level(work, front, removed, blanked)
    if not any(row.details for row in removed[work.object.id].values()):
        _store(work, removed)
        _store(work, {name: _without(rows, removed.get(name, {})) for name, rows in blanked.items()})


def revive(work: Work) -> None:
    """Bring back what went into the bin together with the batch's restored rows."""
    front: Tree = {work.object.id: {row.id: row for row in work.sound(Kind.RESTORED)}}
    revived: Tree = {}
    while any(front.values()):
        front = _revived_level(work, front, revived)
    _store(work, revived)


def _next_level(work: Work, front: Tree, removed: Tree, blanked: Tree) -> Tree:
    deeper: Tree = {}
    for target, link in _links_to(work, front):
        rows = front[target.id]
        for values in _linking(work, link, list(rows), deleted=False):
            if values["id"] in removed.get(link.object.id, {}):
                continue
            match link.on_delete:
                case "restrict":
                    _restrict(work, removed, link)
                case "cascade":
                    row = _row(work, values, Kind.DELETED)
                    deeper.setdefault(link.object.id, {})[row.id] = row
                    removed.setdefault(link.object.id, {})[row.id] = row
                case "set_null":
                    rows_of = blanked.setdefault(link.object.id, {})
                    row = rows_of.setdefault(values["id"], _row(work, values, Kind.UPDATED))
                    row.after[link.name] = None
    return deeper


def _revived_level(work: Work, front: Tree, revived: Tree) -> Tree:
    deeper: Tree = {}
    for target, link in _links_to(work, front):
        if link.on_delete != "cascade":
            continue
        times = {row.id: row.before["deleted_at"] for row in front[target.id].values()}
        for values in _linking(work, link, list(times), deleted=True):
            known = revived.setdefault(link.object.id, {})
            if values["deleted_at"] == times[values[link.name]] and values["id"] not in known:
                row = _row(work, values, Kind.RESTORED)
                known[row.id] = row
                deeper.setdefault(link.object.id, {})[row.id] = row
    return deeper


def _links_to(work: Work, front: Tree) -> Iterator[tuple[ObjectType, Field]]:
    """The links into the objects of a level, in the order in which tables are locked."""
    for source in sorted(work.release.catalog.objects.values(), key=lambda found: found.table):
        if not source.retired:
            for link in sheet(work.release, source).links:
                if link.target and front.get(link.target.id):
                    yield link.target, link


def _linking(work: Work, link: Field, ids: list[str], *, deleted: bool) -> list[dict[str, Any]]:
    shape = ("linking", link.id, deleted)
    statement = work.release.statements.get(shape, lambda: _build(work.release, link, deleted=deleted))
    keys = [slot.key for slot in sheet(work.release, link.object).kept]
    rows = statement.rows(work.connection, {"ids": id_list(sorted(ids), work.release.dialect)})
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _build(release: Release, link: Field, *, deleted: bool) -> Statement:
    table = release.tables[link.object.id].table
    kept = sheet(release, link.object).kept
    gone = table.c.deleted_at
    columns = (table.c[slot.column] for slot in kept)
    rows = (
        sa.select(*columns)
        .where(
            among_ids(table.c[link.column], "ids", release.dialect),
            gone.is_not(None) if deleted else gone.is_(None),
        )
        .order_by(table.c.id)
    )
    locked = rows if release.dialect.sqlite else rows.with_for_update(of=table)
    return compile_statement(locked, release.dialect, [slot.decode for slot in kept])


def _restrict(work: Work, removed: Tree, link: Field) -> None:
    """Refuse all deletions of the batch: which of them the restricting record hangs on, it may not tell."""
    noun = link.object.plural.text(work.actor.language)
    for row in removed[work.object.id].values():
        if not row.details:
            row.refuse(codes.STILL_REFERENCED, f"{noun} point to this record.")


def _row(work: Work, values: dict[str, Any], kind: Kind) -> Row:
    after = values | {"modified_at": work.now, "modified_by": work.actor.id, "version": values["version"] + 1}
    if kind is not Kind.UPDATED:
        after["deleted_at"] = work.now if kind is Kind.DELETED else None
    return Row(place=0, kind=kind, id=values["id"], version=None, given={}, before=values, after=after)


def _without(rows: dict[str, Row], gone: dict[str, Row]) -> dict[str, Row]:
    return {id_: row for id_, row in rows.items() if id_ not in gone}


def _store(work: Work, tree: Tree) -> None:
    """Write rows of several objects, in the order in which tables are locked."""
    objects = {target.id: target for target in work.release.catalog.objects.values()}
    for name, rows in sorted(tree.items(), key=lambda item: objects[item[0]].table):
        target = objects[name]
        update_rows(work, target, list(rows.values()))
        work.entries.extend(entry(sheet(work.release, target), target, row) for row in rows.values())
