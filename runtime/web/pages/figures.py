"""The figures below a list: how many records match, and sum and average of its columns of money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from engine.fields.currency import Currency
from engine.query import Aggregate, Function, Measure
from metadata.catalog import FieldPath
from runtime.web.display import cell
from runtime.web.grouped import HeadFigures
from runtime.web.pages.columns import heading
from runtime.web.pages.groups import figures_within, money_of
from runtime.web.pages.listed import listed_of
from runtime.web.pages.target import target_of
from runtime.web.state import parse_state
from runtime.web.table import Figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.query import Count, Page
    from runtime.web.pages.groups import Line
    from runtime.web.pages.listed import Listed
    from runtime.web.pages.visit import Visit

MOST = 2
"""Columns of money that are added up; more would not fit below the list."""
WANTED = (Function.SUM, Function.AVG)


def show_group(visit: Visit) -> Response:
    """GET /o/{object}/group?at=: the figures of one group, which the head of a long list fetches itself."""
    state = parse_state(visit.exchange.query.multi_items())
    listed = listed_of(visit, target_of(visit), state)
    figures = figures_within(listed, visit.exchange.query.get("at", ""))
    return visit.answer(HeadFigures(figures=figures).component())


def figures_of_groups(listed: Listed, outline: tuple[Line, ...]) -> Figures:
    """The figures of a list in groups, from those of its groups."""
    visit, count = listed.visit, sum(line.count for line in outline)
    said = [_records(visit, count, visit.reader.formats.number(count))] if count else []
    for place, path in enumerate(money_of(listed)):
        sums = [total for line in outline if (total := line.sums[place]) is not None]
        counted_ = sum(line.counts[place] for line in outline)
        total = sum(sums, Decimal()) if sums else None
        said += _said(visit, path, total, total / counted_ if total is not None and counted_ else None)
    return Figures(figures=tuple(said))


def show_figures(visit: Visit) -> Response:
    """GET /o/{object}/figures: those over all records, which a long list fetches after its page."""
    target = target_of(visit)
    listed = listed_of(visit, target, parse_state(visit.exchange.query.multi_items()))
    return visit.answer(Figures(figures=tuple(_over(listed, counting=True))).component())


def figures_of(listed: Listed, page: Page) -> Figures:
    """The figures of a page. Adding up more records than the page has would keep it waiting."""
    count = page.count
    if count is None or not count.number:
        return Figures(figures=())
    number = _records(listed.visit, count.number, counted(listed.visit, count))
    if page.next is None and page.previous is None:
        return Figures(figures=(number, *_over(listed)))
    load = f"{listed.address}/figures{listed.state.first_page().query()}"
    return Figures(figures=(number,), load=load)


def _over(listed: Listed, *, counting: bool = False) -> Iterator[str]:
    """What one statement tells of all records; none where there is nothing to tell."""
    visit, asked = listed.visit, listed.query
    money = [path for path in listed.paths if isinstance(path.field.sort, Currency) and not path.links]
    shown = list(dict.fromkeys(FieldPath(field=path.field) for path in money))[:MOST]
    measures = tuple(
        Measure(function=function, path=FieldPath(field=path.field, part="company"))
        for path in shown
        for function in WANTED
    )
    if counting:
        measures = (*measures, Measure(function=Function.COUNT))
    if not measures:
        return
    over = Aggregate(object=asked.object, measures=measures, where=asked.where, find=asked.find)
    for line in visit.signed_in.aggregate(over):
        if counting:
            number = cast("int", line[-1])
            yield _records(visit, number, visit.reader.formats.number(number))
        for place, path in enumerate(shown):
            yield from _said(visit, path, line[place * 2], line[place * 2 + 1])


def _records(visit: Visit, count: int, number: str) -> str:
    return visit.reader.text("list.records", count=count, number=number)


def counted(visit: Visit, count: Count) -> str:
    """A count as people write it; "10,000+" where counting stopped."""
    return visit.reader.formats.number(count.number) + ("" if count.exact else "+")


def _said(visit: Visit, path: FieldPath, total: object, average: object) -> Iterator[str]:
    label = heading(path, visit.reader.language)
    for key, value in (("list.sum", total), ("list.average", average)):
        if value is not None:
            amount = cast("Decimal", value).quantize(Decimal("0.01"))
            yield visit.reader.text(key, field=label, amount=cell(path, amount, None, visit.reader).text)
