"""The lists of records in a save: what they are before it, which links they gain, and writing them.

A list is written whole: its rows are deleted and inserted, in one statement each for a field and a batch. The
lock on the record guards its lists, so they are read after the record was locked, in a statement of their
own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.bulk import bulk_insert
from engine.codec import id_form
from engine.lists import gathered
from engine.save.sheet import sheet
from engine.save.work import Kind
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from engine.database import Dialect
    from engine.lists import ListTable
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import ObjectType


def read_lists(work: Work, target: ObjectType, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """All lists of these records, by id and by field name; sends nothing where the object has no lists."""
    names = [kept.field.name for kept in sheet(work.release, target).lists]
    if not names or not ids:
        return {id_: {} for id_ in ids}
    statement = work.release.statements.get(("lists", target.id), lambda: _reading(work.release, target))
    rows = statement.rows(work.connection, {"ids": id_list(sorted(ids), work.release.dialect)})
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def changed_lists(row: Row, lists: Sequence[ListTable]) -> Iterator[ListTable]:
    """The lists of a row that are not what they were."""
    return (kept for kept in lists if row.changed(kept.field.name))


def gained(row: Row, name: str) -> tuple[Any, ...]:
    """The values that a list did not have before; what comes back from the bin gains none."""
    if row.kind is Kind.RESTORED:
        return ()
    before = row.before.get(name) or ()
    return tuple(value for value in row.after.get(name) or () if value not in before)


def write_lists(work: Work, target: ObjectType, rows: Sequence[Row]) -> None:
    """Write the lists of rows of any object that are not what they were."""
    for kept in sheet(work.release, target).lists:
        name = kept.field.name
        changed = [row for row in rows if row.changed(name)]
        _clear(work, kept, [row.id for row in changed if row.before.get(name) is not None])
        _fill(work, kept, [held for row in changed for held in _held(kept, row, work.release.dialect)])


def _clear(work: Work, kept: ListTable, ids: Sequence[str]) -> None:
    if ids:
        dialect = work.release.dialect
        delete = sa.delete(kept.table).where(among_ids(kept.table.c.record, "ids", dialect))
        statement = work.release.statements.get(
            ("clear", kept.field.id), lambda: compile_statement(delete, dialect)
        )
        statement.run(work.connection, {"ids": id_list(sorted(ids), dialect)})


def _fill(work: Work, kept: ListTable, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        names = list(kept.table.c.keys())
        statement = work.release.statements.get(
            ("fill", kept.field.id), lambda: bulk_insert(kept.table, names, work.release.dialect)
        )
        statement.run(work.connection, rows)


def _held(kept: ListTable, row: Row, dialect: Dialect) -> Iterator[dict[str, object]]:
    """A record's list as rows in the database's form."""
    identity, encode = id_form(dialect).encode, kept.value.encode
    record = identity(row.id) if identity else row.id
    for position, value in enumerate(row.after.get(kept.field.name) or ()):
        held = {"record": record, "position": position, "value": encode(value) if encode else value}
        if kept.sort is not None:
            held["sort"] = kept.sort.derive(value) if kept.sort.derive else value
        yield held


def _reading(release: Release, target: ObjectType) -> Statement:
    table, dialect = release.tables[target.id].table, release.dialect
    lists = [gathered(kept, table.c.id, dialect) for kept in sheet(release, target).lists]
    columns = (element.label(f"c{n}") for n, (element, _) in enumerate(lists))
    rows = sa.select(table.c.id, *columns).where(among_ids(table.c.id, "ids", dialect))
    return compile_statement(rows, dialect, [id_form(dialect).decode, *(decode for _, decode in lists)])
