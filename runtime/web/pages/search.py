"""One box over everything: records by name, places to go, things to create, settings to change.

The palette shows the answer below its box, the search page to readers without script. Without words it shows
what was seen last and where one may go.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.search.reach import search
from engine.search.snippet import snippet
from runtime.web.found import Found, Hit, HitGroup, Piece, SearchPage, cut, pieces
from runtime.web.pages.navigation import apps_of, creatable, list_link, objects_of
from runtime.web.pages.recent import recent_records
from runtime.web.pages.rights import may, readable
from runtime.web.pages.target import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.responses import Response

    from engine.search.reach import Found as Met
    from metadata.catalog import App, ObjectType
    from runtime.web.pages.visit import Visit

MOST = 5
"""Hits per group in the palette."""
MOST_ON_PAGE = 20
"""Hits per group on the page."""
PRIVATE = frozenset({"notification"})
"""Objects whose records are found at the bell and not here."""


def show_search(visit: Visit) -> Response:
    """GET /search?q=words: the page, for readers without script and for links."""
    words = _words(visit)
    page = SearchPage(words=words, found=_found(visit, words).component())
    title = visit.reader.text("search.title", words=words) if words else visit.reader.text("shell.palette")
    return visit.page(title=title, body=page.component(), canvas=True, searched=words)


def show_results(visit: Visit) -> Response:
    """GET /search/results?q=words: the hits alone, for the palette."""
    return visit.answer(_found(visit, _words(visit)).component())


def _words(visit: Visit) -> str:
    return visit.exchange.query.get("q", "").strip()[:200]


def _found(visit: Visit, words: str) -> Found:
    meant, records = _records(visit, words) if words else ("", (_recent(visit),))
    groups = (*records, _places(visit, words), _creations(visit, words), _settings(visit, words))
    kept = tuple(group for group in groups if group.hits)
    return Found(words=words, groups=kept, here=_page(visit), meant=meant)


def _page(visit: Visit) -> str:
    """The page that a command comes back to: the one over which the palette stands, or this one."""
    if not visit.partial:
        return visit.here
    shown = urlsplit(visit.exchange.headers.get("hx-current-url", ""))
    return visit.local(shown.path + (f"?{shown.query}" if shown.query else ""))


def _recent(visit: Visit) -> HitGroup:
    hits = (
        _hit(visit, title, f"/o/{target.name}/{id_}", target.icon, target.label.text(visit.reader.language))
        for target, id_, title in recent_records(visit)
    )
    return HitGroup(label=visit.reader.text("search.recent"), hits=tuple(hits)[:MOST])


def _places(visit: Visit, words: str) -> HitGroup:
    """Lists, their saved views and apps; views only when somebody looks for one."""
    targets = tuple(dict.fromkeys(target for app in apps_of(visit) for target in objects_of(visit, app)))
    links = (list_link(visit, target) for target in targets)
    lists = (Hit(title=pieces(link.label, words), href=link.href, icon=link.icon) for link in links)
    apps = (_app(visit, app, words) for app in apps_of(visit))
    views = (hit for target in targets for hit in _views(visit, target, words)) if words else ()
    note = visit.reader.text("search.go")
    return HitGroup(label=note, hits=_fitting((*lists, *views, *apps), words))


def _app(visit: Visit, app: App, words: str) -> Hit:
    title = app.label.text(visit.reader.language)
    address, note = visit.reader.link(f"/app/{app.name}"), visit.reader.text("search.app")
    return Hit(title=pieces(title, words), href=address, icon=app.icon or "apps", note=note)


def _views(visit: Visit, target: ObjectType, words: str) -> Iterator[Hit]:
    plural = target.plural.text(visit.reader.language)
    for view in target.views.values():
        title = f"{plural} · {view.label.text(visit.reader.language)}"
        yield _hit(visit, title, f"/o/{target.name}?view={view.name}", "filter", words=words)


def _creations(visit: Visit, words: str) -> HitGroup:
    hits = (
        Hit(title=pieces(link.label, words), href=link.href, icon="circle-plus")
        for link in creatable(visit, None)
    )
    return HitGroup(label=visit.reader.text("search.start"), hits=_fitting(hits, words))


def _settings(visit: Visit, words: str) -> HitGroup:
    """Theme, density, language and the way out; only when somebody looks for them."""
    text, address = visit.reader.text, visit.reader.link("/preferences")
    named = [
        *((text(f"shell.theme_{one}"), icon, ("theme", one)) for one, icon in _THEMES),
        *((text(f"shell.density_{one}"), "menu-2", ("density", one)) for one in ("cozy", "compact")),
        *((one.name, "language", ("language", one.code)) for one in visit.renderer.texts.values()),
    ]
    hits = [
        Hit(title=pieces(title, words), href=address, icon=icon, setting=setting)
        for title, icon, setting in named
    ]
    way_out = Hit(
        title=pieces(text("shell.sign_out"), words), href=visit.reader.link("/sign-out"), icon="logout",
        setting=("sign-out", "yes"),
    )  # fmt: skip
    return HitGroup(label=text("search.settings"), hits=_fitting((*hits, way_out), words) if words else ())


_THEMES = (("light", "sun"), ("dark", "moon"), ("system", "device-laptop"))


def _fitting(hits: Iterable[Hit], words: str) -> tuple[Hit, ...]:
    """Those whose title holds every one of the words."""
    wanted = words.casefold().split()
    titles = ((hit, "".join(piece.text for piece in hit.title).casefold()) for hit in hits)
    return tuple(hit for hit, title in titles if all(word in title for word in wanted))[:MOST]


def _records(visit: Visit, words: str) -> tuple[str, tuple[HitGroup, ...]]:
    """The words that were meant, and records of every object she may read, those with the best hits first."""
    answer = search(visit.signed_in, words, _targets(visit), MOST if visit.partial else MOST_ON_PAGE)
    groups = sorted(answer.groups, key=lambda group: group[1][0].rank)
    meant = answer.meant or ""
    return meant, tuple(_group(visit, target, found, meant or words) for target, found in groups)


def _targets(visit: Visit) -> Iterator[ObjectType]:
    """The objects of the reader's apps first."""
    of_apps = (target for app in apps_of(visit) for target in app.objects)
    for target in dict.fromkeys((*of_apps, *visit.exchange.release.catalog.objects.values())):
        if target.name not in PRIVATE and _searchable(visit, target):
            yield target


def _searchable(visit: Visit, target: ObjectType) -> bool:
    session = visit.signed_in
    return target.title is not None and may(session, target, "read") and readable(session, target.title)


def _group(visit: Visit, target: ObjectType, found: tuple[Met, ...], words: str) -> HitGroup:
    note = target.label.text(visit.reader.language)
    return HitGroup(
        label=target.plural.text(visit.reader.language),
        hits=tuple(_record(visit, target, each, note, words) for each in found),
    )


def _record(visit: Visit, target: ObjectType, each: Met, note: str, words: str) -> Hit:
    hit = _hit(
        visit, title_of(each.record, visit), f"/o/{target.name}/{each.record.id}", target.icon, note, words
    )
    if any(piece.match for piece in hit.title) or (shown := snippet(each.record, words)) is None:
        return hit
    pieces_ = cut(shown.text, shown.marks)
    before, after = (Piece(text="…") if left else None for left in shown.cut)
    around = tuple(piece for piece in (before, *pieces_, after) if piece)
    return replace(hit, field=shown.field.label.text(visit.reader.language), snippet=around)


def _hit(visit: Visit, title: str, path: str, icon: str, note: str = "", words: str = "") -> Hit:
    return Hit(title=pieces(title, words), href=visit.reader.link(path), icon=icon, note=note)
