"""Acting as another user: the page that asks, the beginning and the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problem import Problem
from metadata.system import USER
from runtime import impersonation
from runtime.codes import NOT_TO_BE_ACTED
from runtime.web.acting import ActingForm
from runtime.web.component import Link
from runtime.web.pages.recent import forget
from runtime.web.pages.target import title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.record import Record
    from runtime.web.pages.visit import Visit

MOST_REASON = 2000


def offered(visit: Visit, record: Record) -> Iterator[Link]:
    """The way from a user's record to acting as her, for who may."""
    session = visit.signed_in
    if record.object.name != USER or session.actor.impersonator or record.id == session.actor.id:
        return
    if session.policy.holds(impersonation.RIGHT):
        label = visit.reader.text("acting.start", name=title_of(record, visit))
        yield Link(label=label, href=visit.reader.link(f"/act-as/{record.id}"), icon="user-check")


def reason_of(visit: Visit) -> str:
    """Why, as the form says."""
    return str(visit.exchange.form.get("reason", "")).replace("\x00", "")[:MOST_REASON]


def show_acting(visit: Visit) -> Response:
    """GET /act-as/{id}: what it means, with a reason to give."""
    return _page(visit, "", 200)


def begin(visit: Visit) -> Response:
    """POST /act-as/{id}: from now on this browser's pages are those of the user."""
    try:
        impersonation.begin(visit.exchange, visit.exchange.param("id"), reason_of(visit))
    except Problem as problem:
        if problem.code is not NOT_TO_BE_ACTED:
            raise
        return _page(visit, visit.reader.said(problem.message), 403)
    response = visit.go(visit.reader.link("/"))
    forget(visit, response)
    return response


def stop(visit: Visit) -> Response:
    """POST /act-as: the administrator is herself again, at the record of whom she acted as."""
    exchange, response = visit.exchange, visit.go(visit.reader.link("/"))
    if exchange.sign_in is not None and exchange.sign_in.acting_as:
        response = visit.go(visit.reader.link(f"/o/{USER}/{exchange.sign_in.acting_as}"))
        impersonation.end(exchange.tenant, exchange.release, exchange.sign_in)
        forget(visit, response)
    return response


def _page(visit: Visit, message: str, status: int) -> Response:
    people = visit.exchange.release.catalog.objects[USER]
    record = visit.signed_in.get(people, visit.exchange.param("id"))
    name, back = title_of(record, visit), visit.reader.link(f"/o/{USER}/{record.id}")
    action = visit.reader.link(f"/act-as/{record.id}")
    body = ActingForm(name=name, action=action, back=back, message=message).component()
    title = visit.reader.text("acting.start", name=name)
    return visit.page(
        title=title, body=body, crumbs=(Link(label=name, href=back),), canvas=True, status=status
    )
