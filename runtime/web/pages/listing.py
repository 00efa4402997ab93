"""The list of an object: its state comes from the address, its rows from one Query."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from engine.fields.contract import Operator
from engine.fields.currency import Currency
from engine.problem import Refusal
from engine.query import Aggregate, Function, Measure, Query
from metadata.catalog import FieldPath
from runtime.web.component import Link
from runtime.web.conditions import all_of
from runtime.web.display import cell, record_cell, sort_of, with_currencies
from runtime.web.input import Choice
from runtime.web.pages.columns import (
    columns_of,
    filterable,
    heading,
    offered,
    order_of,
    shown_paths,
    view_of,
)
from runtime.web.pages.navigation import object_label
from runtime.web.pages.rights import may
from runtime.web.pages.target import linked_title, target_of
from runtime.web.state import parse_state
from runtime.web.table import Chip, Empty, Keep, ListPage, Row, Sorting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.fields.contract import FieldType
    from engine.query import Page
    from engine.record import Record
    from formula.expr import Expr
    from metadata.catalog import Field, ListView, ObjectType, Order
    from runtime.web.component import Component
    from runtime.web.pages.visit import Visit
    from runtime.web.state import Filter, ListState

ROWS = 50


def show_list(visit: Visit) -> Response:
    """GET /o/{object}: the state is in the address; what in it makes no sense is left out."""
    target = target_of(visit)
    state = parse_state(visit.exchange.query.multi_items())
    view = view_of(target, state)
    paths, order = shown_paths(visit, target, view, state), order_of(visit, target, view, state)
    where = _where(visit, target, view, state)
    fetched = with_currencies(paths, visit.signed_in.policy.sees)
    page = visit.signed_in.query(Query(
        object=target, fields=fetched, where=where, order=order, limit=ROWS, after=state.after or None,
        before=state.before or None, count=True, find=state.find or None,
    ))  # fmt: skip
    figures = tuple(_figures(visit, paths, page, where, state)) if page.records else ()
    body = _page(visit, target, view, state, paths, order, page, figures)
    title = target.plural.text(visit.reader.language)
    return visit.page(title=title, body=body, crumbs=(Link(label=title, href=""),), scripts=("list.js",))


def _where(visit: Visit, target: ObjectType, view: ListView | None, state: ListState) -> Expr | None:
    """The view's condition and all filters of the address, in one expression; None for every record."""
    sorts = {field.name: cast("FieldType", field.sort) for field in offered(visit, target)}
    texts = list(all_of(state.filters, sorts, visit.reader.formats.zone))
    if view is not None and view.where is not None:
        if not texts:
            return view.where.expr
        texts.insert(0, f"({view.where.source.text})")
    return visit.signed_in.condition(target, " && ".join(texts)) if texts else None


def _page(
    visit: Visit, target: ObjectType, view: ListView | None, state: ListState, paths: tuple[FieldPath, ...],
    order: tuple[Order, ...], page: Page, figures: tuple[str, ...],
) -> Component:  # fmt: skip
    reader, address = visit.reader, visit.reader.link(f"/o/{target.name}")
    columns = columns_of(paths, order, state, address, reader.language)
    return ListPage(
        object=object_label(target, reader.language),
        views=tuple(_views(visit, target, view, address)),
        action=address, here=visit.here, find=state.find,
        keep=Keep(find=state.keeping("q"), filter=state.keeping(), columns=state.keeping("col")),
        chips=tuple(_chips(visit, target, state, address)),
        filterable=tuple(filterable(visit, target)),
        sorting=tuple(_sorting(visit, paths, order, state, address)),
        sorted=heading(order[0].path, reader.language) if order else "",
        choosable=tuple(_choosable(visit, target, paths)),
        columns=columns,
        rows=tuple(_row(visit, record, paths, address) for record in page.records),
        empty=_empty(visit, target, state, address), figures=figures,
        previous=address + state.at(before=page.previous).query() if page.previous else "",
        next=address + state.at(after=page.next).query() if page.next else "",
        deletable=may(visit.signed_in, target, "delete"), delete=f"{address}/delete",
    ).component()  # fmt: skip


def _views(visit: Visit, target: ObjectType, chosen: ListView | None, address: str) -> Iterator[Link]:
    for view in target.views.values():
        label = view.label.text(visit.reader.language)
        yield Link(label=label, href=f"{address}?view={view.name}", current=view is chosen)


def _row(visit: Visit, record: Record, paths: tuple[FieldPath, ...], address: str) -> Row:
    cells = tuple(record_cell(path, record, visit.reader) for path in paths)
    title = (cells[0].text if cells else "") or visit.reader.text("record.untitled")
    return Row(id=record.id, title=title, href=f"{address}/{record.id}", cells=cells)


def _chips(visit: Visit, target: ObjectType, state: ListState, address: str) -> Iterator[Chip]:
    known = {field.name: field for field in offered(visit, target)}
    for one in state.filters:
        if one.field in known and one.operator in list(Operator):
            yield Chip(
                field=known[one.field].label.text(visit.reader.language),
                operator=visit.reader.text(f"operator.{one.operator}"),
                value=_said(visit, known[one.field], one),
                remove=address + state.without(one).query(),
            )


def _said(visit: Visit, field: Field, one: Filter) -> str:
    """The value of a filter as the list shows such values; as it was typed when it is none."""
    try:
        value = sort_of(field).convert(one.value, visit.reader.formats.zone)
    except Refusal:
        return one.value
    title = linked_title(visit, field.target, str(value)) if field.target and value else None
    return cell(FieldPath(field=field), value, title, visit.reader).text


def _sorting(
    visit: Visit, paths: tuple[FieldPath, ...], order: tuple[Order, ...], state: ListState, address: str
) -> Iterator[Sorting]:
    for path in paths:
        for descending in (False, True):
            label = heading(path, visit.reader.language)
            yield Sorting(
                label=visit.reader.text("list.descending" if descending else "list.ascending", field=label),
                href=address + state.sorted_by(f"-{path.name}" if descending else path.name).query(),
                descending=descending,
                current=bool(order) and order[0].path == path and order[0].descending == descending,
            )


def _choosable(visit: Visit, target: ObjectType, paths: tuple[FieldPath, ...]) -> Iterator[Choice]:
    """Every field as a column to choose, and the columns of the view that belong to linked records."""
    own = [FieldPath(field=field) for field in offered(visit, target)]
    for path in dict.fromkeys([*paths, *own]):
        yield Choice(value=path.name, text=heading(path, visit.reader.language), current=path in paths)


def _empty(visit: Visit, target: ObjectType, state: ListState, address: str) -> Component:
    """What to do when there are no rows: drop the filters, or create the first record."""
    text, language = visit.reader.text, visit.reader.language
    if state.find or state.filters:
        plain = address + state.viewing(state.view).query()
        return Empty(
            symbol="filter", title=text("list.none_title"), text=text("list.none_text"), href=plain,
            label=text("list.show_all"),
        ).component()  # fmt: skip
    creating = may(visit.signed_in, target, "create")
    return Empty(
        symbol=target.icon, title=text("list.empty_title"),
        text=text("list.empty_text", object=target.plural.text(language)),
        href=f"{address}/new" if creating else "",
        label=text("record.new", object=target.label.text(language)) if creating else "",
    ).component()  # fmt: skip


def _figures(
    visit: Visit, paths: tuple[FieldPath, ...], page: Page, where: Expr | None, state: ListState
) -> Iterator[str]:
    """How many records match, and the sum of the first column that holds money."""
    if page.count is not None:
        number = visit.reader.formats.number(page.count.number) + ("" if page.count.exact else "+")
        yield visit.reader.text("list.records", count=page.count.number, number=number)
    money = next((path for path in paths if isinstance(path.field.sort, Currency) and not path.links), None)
    if money is None:
        return
    company = FieldPath(field=money.field, part="company")
    measures = (Measure(function=Function.SUM, path=company),)
    asked = Aggregate(object=money.root, measures=measures, where=where, find=state.find or None)
    for (total,) in visit.signed_in.aggregate(asked):
        label = heading(money, visit.reader.language)
        yield visit.reader.text(
            "list.sum", field=label, sum=cell(money, total or Decimal(0), None, visit.reader).text
        )
