"""A copy of a record: the form for a new one that begins with what the other holds, and maybe with its rows.

It is saved as every new record is, and says of which one it is a copy, so that rules and defaults can tell
(ISCLONE). What belongs to the one record alone stays behind: unique values, its owner, how far it has come on
its path and what only stands there because of that, links to what the reader cannot see.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.money import currency_path
from metadata.catalog import FieldPath, processes_for
from metadata.record_type import RECORD_TYPE
from runtime.web.component import Link
from runtime.web.pages.children import MOST, child_records
from runtime.web.pages.entries import Entries
from runtime.web.pages.filled import answer, filled_new, standing_for, texts_of
from runtime.web.pages.kinds import active_kind, default_kind
from runtime.web.pages.links import titles_for, visible_links
from runtime.web.pages.rights import may, readable, require
from runtime.web.pages.rows import NEW, TypedRow, TypedTable, blank_rows, editable_tables, row_fields
from runtime.web.pages.target import form_record, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from engine.record import Record
    from metadata.catalog import ChildTable, Field
    from runtime.web.pages.filled import Filled
    from runtime.web.pages.visit import Visit

ROWS = "_rows"
"""In the address: the child rows come along."""


def show_clone(visit: Visit) -> Response:
    """GET /o/{object}/{id}/clone, with `?_rows=1` together with its rows.

    Raises Problem 403 where the reader may make no such record, 404 where she sees none.
    """
    target = target_of(visit)
    require(visit.signed_in, target, "create")
    source = form_record(visit, target)
    kind = active_kind(target, str(source.values.get(RECORD_TYPE) or "")) or default_kind(target)
    fresh = replace(filled_new(visit, target, kind), copied_from=source.id)
    filled = _filled(visit, fresh, source)
    tables = tuple(_rows(visit, table, source) for table in editable_tables(visit, filled.layout))
    whole = bool(visit.exchange.query.get(ROWS))
    there = any(row.entries.changed() for table in tables for row in table.rows)
    blank = tuple(replace(table, rows=blank_rows(visit, table.table)) for table in tables)
    aside = _other_way(visit, source, whole=whole) if there else None
    return answer(visit, replace(filled, tables=tables if whole else blank, aside=aside))


def _filled(visit: Visit, fresh: Filled, source: Record) -> Filled:
    """The form with the values of the source, as far as they can stand in a new record."""
    given = _texts(visit, fresh.fields, source)
    given = {name: text for name, text in given.items() if name not in _path(fresh)}
    while True:
        filled = replace(fresh, entries=Entries(now={**fresh.entries.now, **given}, was={}))
        closed = _closed(visit, filled, given)
        if not closed:
            return filled
        given = {name: text for name, text in given.items() if name not in closed}


def _texts(visit: Visit, fields: tuple[Field, ...], source: Record) -> dict[str, str]:
    """What the inputs hold for what a copy takes from the source."""
    wanted = tuple(field for field in fields if _copied(visit, field, source, fields))
    texts = texts_of(visit, wanted, source)
    titles = titles_for(visit, [(field, texts[field.name]) for field in wanted], source)
    return {field.name: visible_links(field, texts[field.name], titles) for field in wanted}


def _copied(visit: Visit, field: Field, source: Record, fields: tuple[Field, ...]) -> bool:
    """Whether a field's value is a copy's as well; an amount is one only together with its currency."""
    if field.unique or field.system or not readable(visit.signed_in, field):
        return False
    said = currency_path(FieldPath(field=field))
    return said is None or said.field in fields or source.values.get(said.name) is None


def _path(fresh: Filled) -> frozenset[str]:
    """The picklists that say how far a record has come."""
    moving = processes_for(fresh.target, fresh.kind.name if fresh.kind else None)
    return frozenset({*moving, *([fresh.layout.path.name] if fresh.layout.path else [])})


def _closed(visit: Visit, filled: Filled, given: Mapping[str, str]) -> frozenset[str]:
    """What was copied and cannot stand here: not shown, not to be changed, not among what may be chosen."""
    found = standing_for(visit, filled)

    def stands(field: Field) -> bool:
        offered = found.offered(field)
        chosen = set(given[field.name].splitlines())
        fits = offered is None or chosen <= offered
        return found.visible(field) and not found.read_only(field) and fits

    asked = (field for field in filled.fields if given.get(field.name))
    return frozenset(field.name for field in asked if not stands(field))


def _rows(visit: Visit, table: ChildTable, source: Record) -> TypedTable:
    """The rows of the source as new ones; none where they are more than a form holds."""
    fields = row_fields(visit, table)
    found = (
        child_records(visit, source, table, fields)
        if may(visit.signed_in, table.link.object, "create")
        else ()
    )
    texts = (_texts(visit, fields, row) for row in found) if len(found) < MOST else ()
    rows = tuple(
        TypedRow(key=f"{NEW}{place}", id=None, version=None, entries=Entries(now=now, was={}))
        for place, now in enumerate(texts)
    )
    return TypedTable(table=table, rows=(*rows, *blank_rows(visit, table)), parent=None, saved={})


def _other_way(visit: Visit, source: Record, *, whole: bool) -> Link:
    address = visit.reader.link(f"/o/{source.object.name}/{source.id}/clone")
    label = visit.reader.text("form.without_rows" if whole else "form.with_rows")
    return Link(label=label, href=address if whole else f"{address}?{ROWS}=1")
