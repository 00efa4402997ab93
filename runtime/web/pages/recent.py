"""The records that the reader looked at last: ids in a cookie, never names.

Titles are asked for when they are shown, so a record that she may not see any more is not shown. The cookie
belongs to one person and ends with her sign-out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.ids import canonical_id
from engine.query import Query
from metadata.catalog import FieldPath
from runtime.web.component import Link
from runtime.web.found import Recent
from runtime.web.pages.rights import may, readable
from runtime.web.pages.target import title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.record import Record
    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Page, Visit

COOKIE = "strata_recent"
KEPT, LISTED = 8, 5
MONTH = 2_592_000  # seconds
SHOWN = 200

Seen = tuple[str, str]
"""Object name and record id."""


def remembering(page: Page) -> Page:
    """The page of a record, which also puts the record before all others."""

    def show(visit: Visit) -> Response:
        response = page(visit)
        id_ = canonical_id(visit.exchange.param("id"))
        if response.status_code == SHOWN and id_ and not visit.partial:
            _remember(visit, response, (visit.exchange.param("object"), id_))
        return response

    return show


def forget(visit: Visit, response: Response) -> None:
    """Take the list away."""
    response.delete_cookie(COOKIE, path=visit.reader.link("/"), httponly=True)


def show_recent(visit: Visit) -> Response:
    """GET /recent: the list for the foot of the navigation."""
    shown = urlsplit(visit.exchange.headers.get("hx-current-url", "")).path
    links = []
    for target, id_, title in recent_records(visit):
        href = visit.reader.link(f"/o/{target.name}/{id_}")
        links.append(Link(label=title, href=href, icon=target.icon, current=href == shown))
    return visit.answer(Recent(links=tuple(links)[:LISTED]).component())


def recent_records(visit: Visit) -> Iterator[tuple[ObjectType, str, str]]:
    """Object, id and title of the records seen last that still may be seen, the latest first."""
    seen = _seen(visit)
    titles: dict[Seen, str] = {}
    for name in dict.fromkeys(name for name, _ in seen):
        target = visit.exchange.release.catalog.objects.get(name)
        if target is not None and target.title and may(visit.signed_in, target, "read"):
            ids = [id_ for one, id_ in seen if one == name]
            titles |= {(name, record.id): title_of(record, visit) for record in _fetch(visit, target, ids)}
    for name, id_ in seen:
        if (name, id_) in titles:
            yield visit.exchange.release.catalog.objects[name], id_, titles[name, id_]


def _remember(visit: Visit, response: Response, seen: Seen) -> None:
    others = [one for one in _seen(visit) if one != seen]
    listed = "~".join(".".join(one) for one in (seen, *others)[:KEPT])
    response.set_cookie(
        COOKIE,
        f"{visit.signed_in.actor.id}~{listed}",
        max_age=MONTH,
        path=visit.reader.link("/"),
        httponly=True,
        samesite="lax",
    )


def _fetch(visit: Visit, target: ObjectType, ids: list[str]) -> tuple[Record, ...]:
    session = visit.signed_in
    assert target.title is not None
    if not readable(session, target.title):
        return ()
    where = session.condition(target, " || ".join(f'id = "{id_}"' for id_ in ids))
    asked = Query(object=target, fields=(FieldPath(field=target.title),), where=where, limit=KEPT)
    return session.query(asked).records


def _seen(visit: Visit) -> tuple[Seen, ...]:
    """What the cookie says, as far as it is this person's and makes sense."""
    owner, *listed = visit.exchange.request.cookies.get(COOKIE, "").split("~")
    if owner != visit.signed_in.actor.id:
        return ()
    pairs = (text.partition(".") for text in listed)
    return tuple((name, id_) for name, _, text in pairs if (id_ := canonical_id(text)))[:KEPT]
