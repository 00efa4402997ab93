"""The list of an object: its state comes from the address, its rows from one Query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.merging.merge import mergeable
from engine.query import GROUP, Count
from runtime.web.component import Link
from runtime.web.pages.columns import choosable, heading, sortings
from runtime.web.pages.exporting import export_address
from runtime.web.pages.figures import counted, figures_of, figures_of_groups
from runtime.web.pages.filters import chips, filter_links, logic_form, paint_links
from runtime.web.pages.groups import grouping, heads, outline_of, token_of
from runtime.web.pages.imports import import_address
from runtime.web.pages.listed import listed_of, row_of
from runtime.web.pages.navigation import object_label
from runtime.web.pages.paints import legend
from runtime.web.pages.rights import may
from runtime.web.pages.selection import MOST, changes_several
from runtime.web.pages.target import target_of
from runtime.web.pages.views import notices, opened, saving, view_links
from runtime.web.state import parse_state
from runtime.web.table import Bulk, Empty, Keep, ListPage, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.query import Page
    from runtime.web.component import Component
    from runtime.web.grouped import GroupHead
    from runtime.web.pages.groups import Line
    from runtime.web.pages.listed import Listed
    from runtime.web.pages.views import Tabs
    from runtime.web.pages.visit import Visit
    from runtime.web.table import Figures, Row

LONGEST = 300
"""Rows that one page grows to while its reader scrolls; a link leads on from there."""


def show_list(visit: Visit) -> Response:
    """GET /o/{object}: the state is in the address; what in it makes no sense is told beside it."""
    target = target_of(visit)
    state, views = opened(visit, target, parse_state(visit.exchange.query.multi_items()))
    listed = listed_of(visit, target, state, count=not state.folded)
    page = visit.signed_in.query(listed.query)
    outline = _outline(listed, counted=page.count is None or page.count.exact)
    title = target.plural.text(visit.reader.language)
    body = _page(listed, page, views, outline)
    return visit.page(title=title, body=body, crumbs=(Link(label=title, href=""),), scripts=("list.js",))


def show_rows(visit: Visit) -> Response:
    """GET /o/{object}/rows?shown=: the next rows, for the foot of a page that shows so many already."""
    target, shown = target_of(visit), visit.exchange.query.get("shown", "")
    state = parse_state(visit.exchange.query.multi_items())
    listed = listed_of(visit, target, state)
    page = visit.signed_in.query(listed.query)
    outline = _outline(listed, counted=bool(visit.exchange.query.get("counted")))
    return visit.answer(_rows(listed, page, int(shown) if shown.isdecimal() else 0, outline).component())


def _outline(listed: Listed, *, counted: bool) -> tuple[Line, ...] | None:
    """The groups with their figures: where there are any, and no more records than are counted at once or,
    as folded ones need their place among the others, some are folded.
    """
    wanted = listed.group is not None and (counted or listed.state.folded)
    return outline_of(listed) if wanted else None


def _rows(listed: Listed, page: Page, shown: int, outline: tuple[Line, ...] | None) -> Rows:
    last = page.records[-1].values.get(GROUP) if listed.group is not None and page.records else None
    within = token_of(last) if listed.group is not None and page.records else None
    following = listed.state.at(after=page.next, within=within) if page.next else None
    fragment, shown = shown > 0, shown + len(page.records)
    more = (("shown", str(shown)), *((("counted", "1"),) if outline is not None else ()))
    grows = following is not None and shown < LONGEST and not listed.state.before
    return Rows(
        columns=listed.columns, rows=tuple(_parts(listed, page, outline, fragment=fragment)),
        pickable=listed.pickable,
        next=listed.address + following.query() if following else "",
        load=f"{listed.address}/rows{following.query_with(more)}" if following and grows else "",
    )  # fmt: skip


def _parts(
    listed: Listed, page: Page, outline: tuple[Line, ...] | None, *, fragment: bool
) -> Iterator[Row | GroupHead]:
    """The rows of a page, with the heads of their groups between them."""
    if listed.group is None:
        yield from (row_of(listed, record) for record in page.records)
        return
    for part in heads(listed, page.records, outline, last=page.next is None, fragment=fragment):
        yield row_of(listed, page.records[part]) if isinstance(part, int) else part


def _page(listed: Listed, page: Page, views: Tabs, outline: tuple[Line, ...] | None) -> Component:
    visit, target, state, address = listed.visit, listed.target, listed.state, listed.address
    return ListPage(
        object=object_label(target, visit.reader.language),
        views=tuple(view_links(visit, target, listed.view, state, views)),
        saving=saving(visit, target, listed.view, state, views),
        notices=tuple(notices(visit, target, state, views)),
        action=address, here=address + state.query(), find=state.find,
        keep=Keep(find=state.keeping("q"), columns=state.keeping("col")),
        chips=tuple(chips(visit, target, state, listed.applied)), logic=logic_form(visit, target, state),
        clear=address + state.unfiltered().query() if state.filters or state.find else "",
        filterable=tuple(filter_links(visit, target, state)),
        sorting=tuple(sortings(visit, listed.paths, listed.order, state, address)),
        sorted=heading(listed.order[0].path, visit.reader.language) if listed.order else "",
        choosable=tuple(choosable(visit, target, listed.paths)),
        columns=listed.columns,
        rows=_rows(listed, page, 0, outline).component() if page.records or outline else None,
        cells=address, query=state.first_page().query(),
        empty=_empty(listed), figures=_figures(listed, page, outline).component(),
        previous=address + state.at(before=page.previous).query() if page.previous else "",
        bulk=_bulk(listed, page, outline), grouping=grouping(listed, outline),
        legend=tuple(legend(listed.rules, state, address)),
        paintable=tuple(paint_links(visit, target, state)), export=export_address(listed),
        imports=import_address(visit, target),
    ).component()  # fmt: skip


def _figures(listed: Listed, page: Page, outline: tuple[Line, ...] | None) -> Figures:
    return figures_of(listed, page) if outline is None else figures_of_groups(listed, outline)


def _count(listed: Listed, page: Page, outline: tuple[Line, ...] | None) -> Count | None:
    """How many records match, those of folded groups aside."""
    if outline is None or page.count is not None:
        return page.count
    opened_ = (line.count for line in outline if line.token not in listed.state.folded)
    return Count(number=sum(opened_), exact=True)


def _bulk(listed: Listed, page: Page, outline: tuple[Line, ...] | None) -> Bulk:
    session, target, count = listed.visit.signed_in, listed.target, _count(listed, page, outline)
    matching = count.number if count is not None and count.exact else 0
    several = changes_several(session)
    return Bulk(
        edit=f"{listed.address}/bulk" if several and may(session, target, "update") else "",
        delete=f"{listed.address}/delete" if may(session, target, "delete") else "",
        merge=f"{listed.address}/merge" if mergeable(session, target) else "",
        query=listed.state.first_page().query(), several=several,
        count=counted(listed.visit, count) if count is not None else "",
        all=several and len(page.records) < matching <= MOST,
    )  # fmt: skip


def _empty(listed: Listed) -> Component:
    """What to do when there are no rows: drop the filters, or create the first record."""
    visit, target, state = listed.visit, listed.target, listed.state
    text, language = visit.reader.text, visit.reader.language
    if state.find or state.filters:
        return Empty(
            symbol="filter", title=text("list.none_title"), text=text("list.none_text"),
            href=listed.address + state.unfiltered().query(), label=text("list.show_all"),
        ).component()  # fmt: skip
    creating = may(visit.signed_in, target, "create")
    return Empty(
        symbol=target.icon, title=text("list.empty_title"),
        text=text("list.empty_text", object=target.plural.text(language)),
        href=f"{listed.address}/new" if creating else "",
        label=text("record.new", object=target.label.text(language)) if creating else "",
    ).component()  # fmt: skip
