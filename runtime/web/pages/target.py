"""What an address names: the object, the record's id, and the record as far as the reader may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from engine.codes import NOT_FOUND
from engine.ids import canonical_id
from engine.problem import Problem
from engine.tables import CURRENCY_FIELD
from metadata.catalog import FieldPath
from metadata.record_type import RECORD_TYPE
from runtime.web.pages.rights import may, readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.record import Record
    from metadata.catalog import Field, Layout, ObjectType
    from runtime.web.pages.visit import Visit

ENTRY = "form"
"""The door that change sets made by these pages name."""
NUMBER = "number"
"""The field that an object with a pattern of record numbers has."""


def target_of(visit: Visit) -> ObjectType:
    """The object in the path.

    Raises:
        Problem: 404, also for an object of which the reader may see no record: names do not leak.
    """
    found = visit.exchange.release.catalog.objects.get(visit.exchange.param("object"))
    if found is None or not may(visit.signed_in, found, "read"):
        raise Problem(NOT_FOUND, "There is no such object.", status=404)
    return found


def record_id(visit: Visit) -> str:
    """The id in the path. Raises Problem 404 for what is no id: no record has it."""
    found = canonical_id(visit.exchange.param("id"))
    if found is None:
        raise Problem(NOT_FOUND, "There is no such record.", status=404)
    return found


def fetch(visit: Visit, target: ObjectType, id_: str, fields: Iterable[Field]) -> Record:
    """The record with these fields. Raises Problem 404 when there is none that the reader may see."""
    return visit.signed_in.get(target, id_, tuple(FieldPath(field=field) for field in fields))


def form_record(visit: Visit, target: ObjectType) -> Record:
    """The record in the path with all fields that some form of its object may hold.

    Raises Problem 404 when there is none that the reader may see.
    """
    layouts = (target.layout, *(kind.layout for kind in target.record_types.values()))
    fields = [field for layout in layouts for part in layout.sections for field in part.fields]
    wanted = (*fields, target.title, target.fields.get(RECORD_TYPE), target.fields.get(CURRENCY_FIELD))
    seen = (one for one in dict.fromkeys(wanted) if one is not None and readable(visit.signed_in, one))
    return fetch(visit, target, record_id(visit), seen)


def title_of(record: Record, visit: Visit) -> str:
    """What people call the record, for a heading or a link."""
    return record.title() or visit.reader.text("record.untitled")


def layout_of(record: Record) -> Layout:
    """The layout of the record's own type."""
    kind = record.values.get(RECORD_TYPE)
    return record.object.layout_of(None if kind is None else str(kind))


def version_of(visit: Visit) -> int | None:
    """The version that the form of this request was made from; None when it says none."""
    text = str(visit.exchange.form.get("_version", ""))
    return int(text) if text.isdecimal() else None


def current_tab(visit: Visit) -> str:
    """The tab of the record page that is open: in the address, or in that of the page a fragment is for."""
    page = visit.exchange.headers.get("hx-current-url", "") if visit.partial else ""
    named = parse_qs(urlsplit(page).query).get("tab", [""])[0]
    return named or visit.exchange.query.get("tab", "")
