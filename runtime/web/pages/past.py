"""The page of a record as it was, and bringing chosen fields back from there."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from engine.changes.past import Lost, as_of, bring_back
from engine.problem import Problem
from engine.record import Record
from metadata.catalog import FieldPath
from runtime.api.past import instant_of
from runtime.web.cell import BLANK, Cell
from runtime.web.component import Link
from runtime.web.pages.acting import reason_of
from runtime.web.pages.flash import Done
from runtime.web.pages.history import cell_of, names_in
from runtime.web.pages.navigation import list_link
from runtime.web.pages.rights import may
from runtime.web.pages.target import record_id, target_of, version_of
from runtime.web.past import PastPage, PastRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from starlette.responses import Response

    from engine.changes.past import AsOf, Was
    from runtime.web.pages.visit import Visit

UNTOLD = frozenset({Lost.ERASED, Lost.RETYPED})
"""What is lost so that the value cannot be shown as one of the field's."""


def show_past(visit: Visit) -> Response:
    """GET /o/{object}/{id}/as-of: the record as it was at the instant `at`; without one, as it is."""
    return _page(visit, _instant(visit, visit.exchange.query.get("at")), (), 200)


def bring_fields_back(visit: Visit) -> Response:
    """POST /o/{object}/{id}/as-of: the chosen fields get the values that they had then."""
    target, id_, form = target_of(visit), record_id(visit), visit.exchange.form
    at = _instant(visit, str(form.get("at", "")))
    names = [str(name) for name in form.getlist("field")]
    if not names:
        return _page(visit, at, (visit.reader.text("past.choose"),), 422)
    try:
        bring_back(
            visit.signed_in, target, id_, at, names, version=version_of(visit), reason=reason_of(visit)
        )
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        told = [detail.message for detail in problem.details] or [problem.message]
        return _page(visit, at, tuple(visit.reader.said(message) for message in told), problem.status)
    return visit.go(visit.reader.link(f"/o/{target.name}/{id_}"), Done(what="saved", object=target.name))


def _instant(visit: Visit, text: str | None) -> datetime:
    if text is None:
        return visit.exchange.now
    # An address that somebody typed has a blank where the offset's plus was.
    return instant_of(text.replace(" ", "+"), visit.signed_in.actor.zone)


def _page(visit: Visit, at: datetime, messages: tuple[str, ...], status: int) -> Response:
    target, reader = target_of(visit), visit.reader
    past = as_of(visit.signed_in, target, record_id(visit), at)
    address = reader.link(f"/o/{target.name}/{past.record}")
    title = target.title
    shown = {one.field.name: one.now for one in past.fields}
    name = str(shown.get(title.name) or "") if title else ""
    name = name or reader.text("record.untitled")
    changes = may(visit.signed_in, target, "update") and not past.binned
    rows = tuple(_rows(visit, past))
    local = at.astimezone(visit.signed_in.actor.zone)
    body = PastPage(
        title=reader.text("past.title", name=name),
        at=f"{local:%Y-%m-%dT%H:%M:%S}",
        exact=at.astimezone(UTC).isoformat(),
        when=reader.text("past.as_it_was", at=reader.formats.datetime(at)),
        address=f"{address}/as-of",
        record=address if not past.binned else reader.link("/bin"),
        since=reader.text("past.since", at=reader.formats.datetime(past.since)) if past.since else "",
        state=reader.text("past.deleted") if past.deleted else "",
        rows=rows,
        differing=sum(row.differs for row in rows),
        action=f"{address}/as-of" if changes else "",
        version=past.now,
        messages=messages,
    )
    crumbs = (list_link(visit, target), Link(label=name, href=body.record), Link(label=body.when, href=""))
    return visit.page(title=body.title, body=body.component(), crumbs=crumbs, canvas=True, status=status)


def _rows(visit: Visit, past: AsOf) -> Iterator[PastRow]:
    fields = [one for one in past.fields if not one.field.system or one.field.target is not None]
    names = names_in(visit, ((one.field, value) for one in fields for value in (one.then, one.now)))
    then, now = (
        _record(past, {one.field.name: value(one) for one in past.fields}) for value in (_then, _now)
    )
    for one in fields:
        untold = one.lost in UNTOLD
        yield PastRow(
            name=one.field.name,
            label=one.field.label.text(visit.reader.language),
            then=_untold(one)
            if untold
            else cell_of(visit, then, FieldPath(field=one.field), one.then, names),
            now=cell_of(visit, now, FieldPath(field=one.field), one.now, names),
            differs=one.differs,
            note=visit.reader.text(f"past.{one.lost.value}") if one.lost else "",
            choice=one.differs and one.lost is None and visit.signed_in.policy.editable(one.field),
        )


def _untold(one: Was) -> Cell:
    """A value that was kept in another form, as it was kept."""
    return BLANK if one.then is None else Cell(kind="text", text=str(one.then))


def _then(one: Was) -> Any:
    return one.then


def _now(one: Was) -> Any:
    return one.now


def _record(past: AsOf, values: Mapping[str, Any]) -> Record:
    """What says in which currency amounts are."""
    return Record(object=past.object, id=past.record, version=past.now, values=values)
