"""Child rows of a record as a table on its page, with the sums that the layout names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from engine.money import currency_path
from engine.pointing import whereabouts
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure, Query
from metadata.catalog import FieldPath
from runtime.web.display import aligned, cell, in_its_currency, record_cell, with_currencies
from runtime.web.lists import ChildRows, Total
from runtime.web.pages.folds import is_open
from runtime.web.pages.related import all_link, counted
from runtime.web.pages.rights import editable, may, readable
from runtime.web.table import Column, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.record import Record
    from metadata.catalog import ChildTable, Field
    from runtime.web.pages.visit import Visit

MOST = 100
"""Rows of a table on the page, and in the form; all of them are in the object's list."""


def child_rows(visit: Visit, record: Record, table: ChildTable, *, count: int, address: str) -> ChildRows:
    """The table; `address` is the record's when the reader may change it, else ""."""
    columns = tuple(field for field in table.columns if readable(visit.signed_in, field))
    rows = child_records(visit, record, table, columns) if count else ()
    key = f"{record.object.name}.{table.id}"
    return ChildRows(
        key=key, name=table.id, label=table.label.text(visit.reader.language),
        columns=tuple(
            Column(name=one.name, label=one.label.text(visit.reader.language), width=0, end=aligned(one))
            for one in columns
        ),
        rows=tuple(_row(visit, row, columns) for row in rows),
        totals=tuple(totals_of(visit, record, table, columns, rows, complete=count <= MOST)),
        count=counted(count),
        edit=f"{address}/edit#at-{table.id}" if address and _changeable(visit, table) else "",
        more=all_link(visit, record, table.link) if count > MOST else "",
        open=is_open(visit, key),
    )  # fmt: skip


def child_records(
    visit: Visit, record: Record, table: ChildTable, fields: tuple[Field, ...]
) -> tuple[Record, ...]:
    """The first rows, oldest first, with these fields and what the sums and amounts of them need."""
    target, session = table.link.object, visit.signed_in
    wanted = dict.fromkeys((*fields, *(one for one in table.sum if readable(session, one))))
    paths = with_currencies(tuple(FieldPath(field=field) for field in wanted), session.policy.sees)
    where = session.condition(target, whereabouts(table.link, record.object, record.id))
    asked = Query(object=target, fields=paths, where=where, limit=MOST)
    found = session.query(asked).records
    return tuple(sorted(found, key=lambda one: one.id))


def _row(visit: Visit, record: Record, columns: tuple[Field, ...]) -> Row:
    cells = tuple(record_cell(FieldPath(field=field), record, visit.reader) for field in columns)
    title = (cells[0].text if cells else "") or visit.reader.text("record.untitled")
    href = visit.reader.link(f"/o/{record.object.name}/{record.id}")
    return Row(id=record.id, title=title, href=href, cells=cells)


def _changeable(visit: Visit, table: ChildTable) -> bool:
    session, target = visit.signed_in, table.link.object
    writes = may(session, target, "update") or may(session, target, "create")
    return writes and any(editable(session, field) for field in table.columns)


def totals_of(
    visit: Visit, record: Record, table: ChildTable, columns: tuple[Field, ...], rows: tuple[Record, ...],
    *, complete: bool = True,
) -> Iterator[Total]:  # fmt: skip
    """The sums of the table over these rows, and over all of them where these are not `complete`."""
    sums = tuple(field for field in table.sum if readable(visit.signed_in, field))
    alike = tuple(field for field in sums if complete and len(_currencies(field, rows)) <= 1)
    others = _summed(visit, record, table, tuple(field for field in sums if field not in alike))
    for field in sums:
        path = FieldPath(field=field)
        if field in alike:
            values = [row.values[field.name] for row in rows if row.values.get(field.name) is not None]
            reader = in_its_currency(path, rows[0], visit.reader) if rows else visit.reader
            shown = cell(path, sum(values, Decimal()), None, reader)
        elif field in others:
            shown = cell(path, others[field], None, visit.reader)
        else:
            continue
        at = columns.index(field) if field in columns else -1
        yield Total(at=at, label=field.label.text(visit.reader.language), cell=shown)


def _currencies(field: Field, rows: tuple[Record, ...]) -> set[object]:
    said = currency_path(FieldPath(field=field))
    return {row.values.get(said.name) for row in rows} if said else set()


def _summed(
    visit: Visit, record: Record, table: ChildTable, fields: tuple[Field, ...]
) -> Mapping[Field, object]:
    """Sums by the database, amounts in the company's currency: for many rows, and for several currencies.

    None where a computed amount cannot be brought into one currency.
    """
    if not fields:
        return {}
    where = visit.signed_in.condition(table.link.object, whereabouts(table.link, record.object, record.id))
    measures = tuple(Measure(function=Function.SUM, path=FieldPath(field=field)) for field in fields)
    asked = Aggregate(object=table.link.object, measures=measures, where=where)
    try:
        return dict(zip(fields, visit.signed_in.aggregate(asked)[0], strict=True))
    except Problem:
        return {}
