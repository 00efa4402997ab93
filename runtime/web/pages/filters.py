"""The filters of a list: read from its address, told as chips, made and changed in one form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.codes import NOT_FOUND
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.problem import Problem, Refusal
from formula.condition import Operator
from formula.exchange import COMPANY
from formula.logic import every
from formula.period import PERIODS, period
from metadata.catalog import FieldPath
from metadata.money import is_mixed
from runtime.web.asking import Wanted, ask
from runtime.web.component import Link
from runtime.web.conditions import ME, Unfit, condition
from runtime.web.display import Shown, show, sort_of
from runtime.web.filter import Chip, FilterForm, FilterPage, LogicForm
from runtime.web.input import Choice
from runtime.web.joining import read, written
from runtime.web.pages.columns import offered
from runtime.web.pages.links import titles_for
from runtime.web.pages.target import target_of
from runtime.web.state import Filter, parse_filter, parse_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.responses import Response

    from engine.fields.contract import FieldType
    from formula.expr import Expr
    from metadata.catalog import Field, ListView, ObjectType
    from runtime.web.pages.visit import Visit
    from runtime.web.state import ListState


COLORS = ("red", "amber", "green", "cyan", "blue", "violet")
DAYS = (Date, DateTime)
"""Types whose values may be named by a period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A filter of the address with its condition; `error` says why it is not in force, then `text` is ""."""

    filter: Filter
    field: Field | None
    text: str = ""
    error: str = ""


def read_filters(visit: Visit, target: ObjectType, state: ListState) -> tuple[Applied, ...]:
    """Every filter of the address, in its order; a field the reader may not see is one that is not there."""
    return applied(visit, target, state.filters)


def applied(visit: Visit, target: ObjectType, filters: tuple[Filter, ...]) -> tuple[Applied, ...]:
    """These filters with their conditions."""
    known = {field.name: field for field in filterable(visit, target)} if filters else {}
    return tuple(_applied(visit, known.get(one.field), one) for one in filters)


def told(visit: Visit, one: Applied) -> str:
    """A filter in one line, as people read it; the name of a field that is not there stays away."""
    if one.field is None:
        return visit.reader.text("list.filter_unknown")
    values = " / ".join(_said(visit, one.field, value) for value in one.filter.values)
    label = one.field.label.text(visit.reader.language)
    return f"{label} {_operator(visit, one.filter.operator)} {values}".strip()


def where_of(
    visit: Visit,
    target: ObjectType,
    view: ListView | None,
    applied: tuple[Applied, ...],
    logic: str = "",
    *more: str,
) -> tuple[Expr | None, tuple[Applied, ...]]:
    """The view's condition, all filters and `more` in one expression, None for every record; and what is in
    force.

    A condition that the language refuses after all costs its own filter, not the page. Filters are joined as
    `logic` says; where that cannot be read, all of them hold.
    """
    try:
        return _expression(visit, target, view, applied, logic, more), applied
    except Problem:
        applied = tuple(_tried(visit, target, one) for one in applied)
        return _expression(visit, target, view, applied, logic, more), applied


def filterable(visit: Visit, target: ObjectType) -> Iterator[Field]:
    """The fields by which the reader may filter."""
    return (field for field in offered(visit, target) if sort_of(field).operators)


def filter_links(visit: Visit, target: ObjectType, state: ListState) -> Iterator[Link]:
    """For each field the way to the form of a new filter."""
    for field in filterable(visit, target):
        label = field.label.text(visit.reader.language)
        yield Link(label=label, href=_form(visit, target, state, field.name))


def paint_links(visit: Visit, target: ObjectType, state: ListState) -> Iterator[Link]:
    """For each field the way to the form of a new colour rule."""
    for link in filter_links(visit, target, state):
        yield replace(link, href=f"{link.href}&painting=1")


def chips(visit: Visit, target: ObjectType, state: ListState, applied: Iterable[Applied]) -> Iterator[Chip]:
    """The filters as people read them."""
    address = visit.reader.link(f"/o/{target.name}")
    for number, one in enumerate(applied, 1):
        field = one.field
        yield Chip(
            number=str(number) if state.logic else "",
            field=field.label.text(visit.reader.language) if field else one.filter.field,
            operator=_operator(visit, one.filter.operator),
            value=" / ".join(_said(visit, field, value) for value in one.filter.values),
            edit=_form(visit, target, state, one.filter.field, one.filter) if field else "",
            remove=address + state.without(one.filter).query(),
            error=one.error,
        )


def logic_form(visit: Visit, target: ObjectType, state: ListState) -> LogicForm | None:
    """How the filters are joined, where there are several or a logic that is left of them."""
    if len(state.filters) < 2 and not state.logic:
        return None
    faults = read(state.logic, len(state.filters)).faults
    plain = state.joined_by("")
    return LogicForm(
        action=visit.reader.link(f"/o/{target.name}"), keep=plain.keeping(), text=state.logic,
        errors=tuple(visit.reader.text(one.key, about=one.about) for one in faults),
        clear=_list(visit, target, plain) if state.logic else "",
    )  # fmt: skip


def show_filter(visit: Visit) -> Response:
    """GET /o/{object}/filter?field=: the form of one filter; `was` is the one that it changes."""
    target, query = target_of(visit), visit.exchange.query
    known = {field.name: field for field in filterable(visit, target)}
    field = known.get(query.get("field", ""))
    if field is None:
        raise Problem(NOT_FOUND, "There is no such field to filter by.", status=404)
    state = parse_state([pair for pair in query.multi_items() if pair[0] not in ("field", "was")])
    made = _filter_form(visit, target, state, field, parse_filter(query.get("was", "")))
    form = (replace(made, colors=_colors(visit)) if query.get("painting") else made).component()
    if visit.partial:
        return visit.answer(form)
    crumb = Link(label=target.plural.text(visit.reader.language), href=_list(visit, target, state))
    label = field.label.text(visit.reader.language)
    return visit.page(title=label, body=FilterPage(form=form).component(), crumbs=(crumb,), canvas=True)


def _filter_form(
    visit: Visit, target: ObjectType, state: ListState, field: Field, was: Filter | None
) -> FilterForm:
    now = was or Filter(field=field.name, operator=_operators(field)[0])
    titles = titles_for(visit, [(field, value) for value in now.values])
    asked = ask(sort_of(field), Wanted(field=field, values=now.values, titles=titles, reader=visit.reader))
    return FilterForm(
        title=field.label.text(visit.reader.language),
        action=visit.reader.link(f"/o/{target.name}"), keep=state.keeping(),
        field=field.name, was=was.text() if was else "",
        operators=tuple(
            Choice(value=one, text=_operator(visit, one), current=one == now.operator)
            for one in _operators(field)
        ),
        options=asked.options, periods=asked.periods, inputs=asked.inputs,
        error=_applied(visit, field, was).error if was else "",
        remove=_list(visit, target, state.without(was)) if was else "",
        back=_list(visit, target, state),
    )  # fmt: skip


def _colors(visit: Visit) -> tuple[Choice, ...]:
    return tuple(Choice(value=one, text=visit.reader.text(f"color.{one}"), current=False) for one in COLORS)


def _applied(visit: Visit, field: Field | None, one: Filter) -> Applied:
    if field is None:
        return Applied(filter=one, field=None, error=visit.reader.text("list.filter_unknown"))
    try:
        zone = visit.reader.formats.zone
        return Applied(filter=one, field=field, text=condition(_asked(field, one), sort_of(field), zone))
    except Unfit as unfit:
        error = visit.reader.text(unfit.key)
    except Refusal as refusal:
        error = visit.reader.said(refusal.message)
    return Applied(filter=one, field=field, error=error)


def _asked(field: Field, one: Filter) -> Filter:
    """Amounts of several currencies are compared by what they are worth to the company."""
    return replace(one, field=f"{field.name}.{COMPANY}") if is_mixed(FieldPath(field=field)) else one


def _expression(
    visit: Visit,
    target: ObjectType,
    view: ListView | None,
    applied: tuple[Applied, ...],
    logic: str,
    more: tuple[str, ...],
) -> Expr | None:
    tree = read(logic, len(applied)).tree or every(range(1, len(applied) + 1))
    filters = written(tree, [one.text for one in applied])
    own = view.where if view is not None else None
    parts = [part for part in (own.source.text if own is not None else "", filters, *more) if part]
    if own is not None and len(parts) == 1:
        return own.expr
    text = " && ".join(f"({part})" for part in parts) if len(parts) > 1 else "".join(parts)
    return visit.signed_in.condition(target, text) if text else None


def _tried(visit: Visit, target: ObjectType, one: Applied) -> Applied:
    try:
        if one.text:
            visit.signed_in.condition(target, one.text)
    except Problem:
        return replace(one, text="", error=visit.reader.text("list.filter_operator"))
    return one


def _operators(field: Field) -> tuple[Operator, ...]:
    """The operator people mean most often first: text is searched, figures are compared.

    The form asks for values of which any may hold, so it does not offer `between`.
    """
    likely = (Operator.CONTAINS, Operator.AT_LEAST)
    sort = sort_of(field)
    first = likely if Operator.BEGINS in sort.operators or _is_figure(sort) else ()
    offered = (one for one in sort.operators if one is not Operator.BETWEEN)
    return tuple(sorted(offered, key=lambda one: one not in first))


def _is_figure(sort: FieldType) -> bool:
    """Whether values of the type are compared by size, and are not days, for which a period is likelier."""
    return Operator.AT_LEAST in sort.operators and not isinstance(sort, DAYS)


def _operator(visit: Visit, code: str) -> str:
    return visit.reader.text(f"operator.{code}") if code in tuple(Operator) else code


def _said(visit: Visit, field: Field | None, value: str) -> str:
    """A value of a filter as the list shows such values; as it was typed when it is none."""
    if field is None:
        return value
    if isinstance(sort_of(field), DAYS) and (days := period(value)) is not None:
        key = f"period.{days.way}_days" if days.name not in PERIODS else f"period.{days.name}"
        return visit.reader.text(key, count=days.count)
    if value == ME and (field.target or field.members) is not None:
        return visit.reader.text("list.me")
    sort = sort_of(field).element or sort_of(field)
    if sort.seen:
        return value
    try:
        read = sort.convert(value, visit.reader.formats.zone)
    except Refusal:
        return value
    title = titles_for(visit, [(field, value)]).get(value)
    return show(sort, Shown(value=read, field=field, title=title, reader=visit.reader)).text or value


def _form(visit: Visit, target: ObjectType, state: ListState, field: str, was: Filter | None = None) -> str:
    more = (("field", field), *((("was", was.text()),) if was else ()))
    return visit.reader.link(f"/o/{target.name}/filter") + state.first_page().query_with(more)


def _list(visit: Visit, target: ObjectType, state: ListState) -> str:
    return visit.reader.link(f"/o/{target.name}") + state.first_page().query()
