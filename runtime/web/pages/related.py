"""Lists of records that point at the one shown."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from engine.query import Query
from runtime.web.display import aligned, record_cell, with_currencies
from runtime.web.pages.rights import may, readable, sees
from runtime.web.record import RelatedList
from runtime.web.state import Filter, ListState
from runtime.web.table import Column, Row

if TYPE_CHECKING:
    from engine.record import Record
    from metadata.catalog import FieldPath, Related
    from runtime.web.pages.visit import Visit

PREVIEW, MOST = 6, 50
"""Rows below the details, and rows in the list's own tab; all of them are in the object's list."""


def readable_list(visit: Visit, related: Related) -> bool:
    """Whether the reader may see records of that object and the link by which they belong here."""
    return may(visit.signed_in, related.link.object, "read") and readable(visit.signed_in, related.link)


def related_list(visit: Visit, record: Record, related: Related, *, full: bool) -> RelatedList:
    """The records whose link is `record`, in columns the reader may see; `full` shows more of them."""
    target, language = related.link.object, visit.reader.language
    paths = tuple(path for path in related.columns if sees(visit.signed_in, path))
    fetched = with_currencies(paths, visit.signed_in.policy.sees)
    where = visit.signed_in.condition(target, f'{related.link.name} = "{record.id}"')
    limit = MOST if full else PREVIEW
    page = visit.signed_in.query(Query(object=target, fields=fetched, where=where, limit=limit))
    return RelatedList(
        label=related.label.text(language),
        columns=tuple(
            Column(name=path.name, label=path.field.label.text(language), width=0, end=aligned(path.field))
            for path in paths
        ),
        rows=tuple(_row(visit, row, paths) for row in page.records),
        more=_all(visit, record, related) if page.next else "",
        create=_create(visit, record, related),
    )


def _row(visit: Visit, record: Record, paths: tuple[FieldPath, ...]) -> Row:
    cells = tuple(record_cell(path, record, visit.reader) for path in paths)
    title = (cells[0].text if cells else "") or visit.reader.text("record.untitled")
    return Row(
        id=record.id, title=title, href=visit.reader.link(f"/o/{record.object.name}/{record.id}"), cells=cells
    )


def _all(visit: Visit, record: Record, related: Related) -> str:
    only = Filter(field=related.link.name, operator="equal", value=record.id)
    return visit.reader.link(f"/o/{related.link.object.name}{ListState(filters=(only,)).query()}")


def _create(visit: Visit, record: Record, related: Related) -> str:
    """The form for a new one, filled with the link and coming back here; "" when the reader may not."""
    if not may(visit.signed_in, related.link.object, "create"):
        return ""
    here = visit.reader.link(f"/o/{record.object.name}/{record.id}")
    given = urlencode({related.link.name: record.id, "back": here})
    return visit.reader.link(f"/o/{related.link.object.name}/new?{given}")
