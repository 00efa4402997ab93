"""The lists of records in a save: what they are before it, which links they gain, and writing them.

A list that loses values loses their rows, any other that changes is deleted and inserted whole: one statement
each for a field and a batch. The lock on the record guards its lists, so they are read after the record was
locked, in a statement of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.bulk import bulk_delete, bulk_insert
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
        dialect = work.release.dialect
        _delete(
            work, kept, [held for row in changed for held in _pairs(kept, row, _gone(row, name), dialect)]
        )
        _insert(work, kept, [held for row in changed for held in _held(kept, row, dialect)])


def _gone(row: Row, name: str) -> tuple[Any, ...]:
    """The values whose rows are deleted: those that are lost, or all of a list that is inserted anew."""
    before, after = row.before.get(name) or (), row.after.get(name) or ()
    return tuple(value for value in before if value not in after) if _shrinks(row, name) else before


def _shrinks(row: Row, name: str) -> bool:
    """Whether a list only loses values: then what stays is not touched, nor the records it links to."""
    after = row.after.get(name) or ()
    return after == tuple(value for value in row.before.get(name) or () if value in after)


def _delete(work: Work, kept: ListTable, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        statement = work.release.statements.get(
            ("shorten", kept.field.id),
            lambda: bulk_delete(kept.table, ("record", "value"), work.release.dialect),
        )
        statement.run(work.connection, rows)


def _insert(work: Work, kept: ListTable, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        names = list(kept.table.c.keys())
        statement = work.release.statements.get(
            ("fill", kept.field.id), lambda: bulk_insert(kept.table, names, work.release.dialect)
        )
        statement.run(work.connection, rows)


def _pairs(
    kept: ListTable, row: Row, values: tuple[Any, ...], dialect: Dialect
) -> Iterator[dict[str, object]]:
    """Values of a record's list, with the record, in the database's form."""
    identity, encode = id_form(dialect).encode, kept.value.encode
    record = identity(row.id) if identity else row.id
    for value in values:
        yield {"record": record, "value": encode(value) if encode else value}


def _held(kept: ListTable, row: Row, dialect: Dialect) -> Iterator[dict[str, object]]:
    """The rows of a list that is inserted; none of one that only shrinks."""
    name = kept.field.name
    values = () if _shrinks(row, name) else row.after.get(name) or ()
    derive = kept.sort.derive if kept.sort else None
    for position, held in enumerate(_pairs(kept, row, values, dialect)):
        held["position"] = position
        if derive is not None:
            held["sort"] = derive(values[position])
        yield held


def _reading(release: Release, target: ObjectType) -> Statement:
    table, dialect = release.tables[target.id].table, release.dialect
    lists = [gathered(kept, table.c.id, dialect) for kept in sheet(release, target).lists]
    columns = (element.label(f"c{n}") for n, (element, _) in enumerate(lists))
    rows = sa.select(table.c.id, *columns).where(among_ids(table.c.id, "ids", dialect))
    return compile_statement(rows, dialect, [id_form(dialect).decode, *(decode for _, decode in lists)])
