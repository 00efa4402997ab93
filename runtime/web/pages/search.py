"""One box over all objects of the reader's apps: places to go, things to create, records by their title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.query import Query
from metadata.catalog import FieldPath
from runtime.web.found import Found, Hit, HitGroup, SearchPage
from runtime.web.pages.navigation import apps_of, frame
from runtime.web.pages.rights import may, readable
from runtime.web.pages.target import title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Visit

MOST = 5
"""Hits per object."""


def show_search(visit: Visit) -> Response:
    """GET /search?q=words: the page, for readers without script and for links."""
    words = _words(visit)
    page = SearchPage(words=words, found=_found(visit, words).component())
    title = visit.reader.text("search.title", words=words)
    return visit.page(title=title, body=page.component(), canvas=True, searched=words)


def show_results(visit: Visit) -> Response:
    """GET /search/results?q=words: the hits alone, for the palette."""
    return visit.answer(_found(visit, _words(visit)).component())


def _words(visit: Visit) -> str:
    return visit.exchange.query.get("q", "").strip()[:200]


def _found(visit: Visit, words: str) -> Found:
    groups = (*_commands(visit, words), *(_records(visit, words) if words else ()))
    return Found(words=words, groups=tuple(group for group in groups if group.hits))


def _commands(visit: Visit, words: str) -> Iterator[HitGroup]:
    around, text = frame(visit), visit.reader.text
    places = [item for group in around.navigation for item in group.items]
    for label, note, links in (
        (text("search.go"), text("search.go_note"), places),
        (text("search.start"), text("search.create_note"), around.create),
    ):
        fitting = (link for link in links if words.casefold() in link.label.casefold())
        hits = (Hit(title=link.label, href=link.href, icon=link.icon, note=note) for link in fitting)
        yield HitGroup(label=label, hits=tuple(hits)[:MOST])


def _records(visit: Visit, words: str) -> Iterator[HitGroup]:
    for target in dict.fromkeys(target for app in apps_of(visit) for target in app.objects):
        if target.title and may(visit.signed_in, target, "read") and readable(visit.signed_in, target.title):
            yield HitGroup(
                label=target.plural.text(visit.reader.language), hits=tuple(_hits(visit, target, words))
            )


def _hits(visit: Visit, target: ObjectType, words: str) -> Iterator[Hit]:
    assert target.title is not None
    asked = Query(object=target, fields=(FieldPath(field=target.title),), limit=MOST, find=words)
    note = target.label.text(visit.reader.language)
    for record in visit.signed_in.query(asked).records:
        href = visit.reader.link(f"/o/{target.name}/{record.id}")
        yield Hit(title=title_of(record, visit), href=href, icon=target.icon, note=note)
