"""Lists of records that point at the one shown."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from engine.pointing import pointing, whereabouts
from engine.query import Query
from engine.tally import MOST as COUNTED
from runtime.web.display import aligned, record_cell, with_currencies
from runtime.web.lists import RelatedList
from runtime.web.pages.rights import may, readable, sees
from runtime.web.pages.target import current_tab
from runtime.web.state import Filter, ListState
from runtime.web.table import Column, Row

if TYPE_CHECKING:
    from engine.record import Record
    from metadata.catalog import Field, FieldPath, Related
    from runtime.web.pages.visit import Visit

FEW, MOST = 6, 50
"""Rows among other parts of a page, and rows in a tab of its own; all of them are in the object's list."""


def readable_link(visit: Visit, link: Field) -> bool:
    """Whether the reader may see records of that object and the link by which they belong here."""
    return may(visit.signed_in, link.object, "read") and readable(visit.signed_in, link)


def counted(count: int) -> str:
    """A tally for people: "" for none, "999+" beyond what is counted."""
    return "" if not count else str(count) if count < COUNTED else f"{COUNTED - 1}+"


def related_list(
    visit: Visit, record: Record, related: Related, *, count: int, limit: int, narrow: bool = False
) -> RelatedList:
    """The records whose link is `record`, in columns the reader may see.

    Where `count` says that there are none, none are asked for.
    """
    language = visit.reader.language
    paths = tuple(path for path in related.columns if sees(visit.signed_in, path))
    rows = _records(visit, record, related, paths, limit) if count else ()
    return RelatedList(
        label=related.label.text(language),
        symbol=related.link.object.icon,
        columns=tuple(
            Column(name=path.name, label=path.field.label.text(language), width=0, end=aligned(path.field))
            for path in paths
        ),
        rows=tuple(_row(visit, row, paths) for row in rows),
        count=counted(count),
        more=all_link(visit, record, related.link) if count > limit else "",
        create=_create(visit, record, related.link),
        narrow=narrow,
    )


def all_link(visit: Visit, record: Record, link: Field) -> str:
    """The list of all records whose `link` is `record`."""
    operator = "includes" if link.many else "equal"
    only = Filter(field=link.name, operator=operator, values=(pointing(link, record.object, record.id),))
    return visit.reader.link(f"/o/{link.object.name}{ListState(filters=(only,)).query()}")


def _records(
    visit: Visit, record: Record, related: Related, paths: tuple[FieldPath, ...], limit: int
) -> tuple[Record, ...]:
    target = related.link.object
    where = visit.signed_in.condition(target, whereabouts(related.link, record.object, record.id))
    fetched = with_currencies(paths, visit.signed_in.policy.sees)
    return visit.signed_in.query(Query(object=target, fields=fetched, where=where, limit=limit)).records


def _row(visit: Visit, record: Record, paths: tuple[FieldPath, ...]) -> Row:
    cells = tuple(record_cell(path, record, visit.reader) for path in paths)
    title = (cells[0].text if cells else "") or visit.reader.text("record.untitled")
    return Row(
        id=record.id, title=title, href=visit.reader.link(f"/o/{record.object.name}/{record.id}"), cells=cells
    )


def _create(visit: Visit, record: Record, link: Field) -> str:
    """The form for a new one, filled with the link and coming back here; "" when the reader may not."""
    if not may(visit.signed_in, link.object, "create"):
        return ""
    here = visit.reader.link(f"/o/{record.object.name}/{record.id}")
    tab = current_tab(visit)
    given = urlencode(
        {
            link.name: pointing(link, record.object, record.id),
            "back": f"{here}?{urlencode({'tab': tab})}" if tab else here,
        }
    )
    return visit.reader.link(f"/o/{link.object.name}/new?{given}")
