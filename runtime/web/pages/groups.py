"""The groups of a list: which field makes them, what stands in their heads, which of them are folded.

Rows come from one statement, whose order begins with the group; counts and sums come from another, which asks
for all groups at once. Where more records match than are counted at once, each head fetches its own figures
when it comes into sight. What is folded is a condition of the list, so that pages are full of open rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from engine.fields.currency import Currency
from engine.problem import Refusal
from engine.query import GROUP, Aggregate, Bucket, Function, Group, Measure, Unit
from formula.condition import Operator
from metadata.catalog import FieldPath
from metadata.grouping import UNITS, dated, groupable, read, written
from runtime.web.cell import Cell
from runtime.web.component import Link
from runtime.web.conditions import Unfit, condition
from runtime.web.display import cell, sort_of
from runtime.web.grouped import GroupHead, Grouping
from runtime.web.pages.columns import find_path, heading, offered
from runtime.web.pages.rights import sees
from runtime.web.state import MOST_FOLDED, UNGROUPED, Filter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.record import Record
    from metadata.catalog import ListView, ObjectType
    from runtime.web.pages.listed import Listed
    from runtime.web.pages.visit import Visit
    from runtime.web.state import ListState

MOST_SUMS = 2
"""Columns of money that a head adds up."""
_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One group of the list: its value as the address has it, its cell, how many records, the sums over them.

    `counts` are how many records have the amounts.
    """

    token: str
    label: Cell
    count: int
    sums: tuple[Decimal | None, ...]
    counts: tuple[int, ...]


def group_of(visit: Visit, target: ObjectType, view: ListView | None, state: ListState) -> Group | None:
    """The groups asked for, else the view's; None for none, and for a field the reader may not see."""
    if state.group == UNGROUPED:
        return None
    if not state.group:
        given = view.group if view is not None else None
        found = (given.path, given.unit, given.descending) if given is not None else None
    else:
        said = read(state.group)
        path = find_path(target, said[0]) if said is not None else None
        found = (path, said[1], said[2]) if said is not None and path is not None else None
    if found is None or not groupable(found[0]) or not sees(visit.signed_in, found[0]):
        return None
    path, unit, descending = found
    unit = unit or "month"
    return Group(by=Bucket(path=path, unit=Unit(unit)) if dated(path) else path, descending=descending)


def folded_away(visit: Visit, group: Group | None, state: ListState) -> tuple[str, ...]:
    """The conditions that keep the rows of folded groups out."""
    if group is None:
        return ()
    found = ((token, in_group(visit, group, token)) for token in state.folded)
    # What is blank is neither within a stretch of days nor outside of it, so it is named.
    blank = f"ISBLANK({group.path.name}) || "
    return tuple(f"{blank if token else ''}NOT({text})" for token, text in found if text)


def in_group(visit: Visit, group: Group, token: str) -> str:
    """The condition of one group as a text; "" for what is no value of the field."""
    try:
        return condition(_filter(group, token), sort_of(group.path.field), visit.reader.formats.zone)
    except (Unfit, Refusal, ValueError):
        return ""


def outline_of(listed: Listed) -> tuple[Line, ...]:
    """All groups in the order of the list; one statement."""
    assert listed.group is not None
    return tuple(_lines(listed))


def figures_within(listed: Listed, token: str) -> tuple[str, ...]:
    """The figures of one group; nothing for a value that there is not."""
    if listed.group is None or not (text := in_group(listed.visit, listed.group, token)):
        return ()
    narrowed = replace(listed, whole=listed.narrowed(text))
    return tuple(said for line in outline_of(narrowed) for said in said_of(listed, line))


def said_of(listed: Listed, line: Line) -> Iterator[str]:
    """How many records a group has and what they come to, as people read it."""
    reader = listed.visit.reader
    yield reader.text("list.records", count=line.count, number=reader.formats.number(line.count))
    for path, total in zip(money_of(listed), line.sums, strict=True):
        if total is not None:
            label, amount = heading(path, reader.language), total.quantize(Decimal("0.01"))
            yield reader.text("list.sum", field=label, amount=cell(path, amount, None, reader).text)


def token_of(value: object) -> str:
    """A group's value as the address has it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def label_of(listed: Listed, value: object, title: object) -> Cell:
    """A group's value as people read it."""
    visit, group = listed.visit, listed.group
    assert group is not None
    if value is None:
        return Cell(kind="text", text=visit.reader.text("list.no_value"))
    if isinstance(group.by, Bucket):
        return Cell(kind="text", text=_stretch(visit, cast("date", value), group.by.unit))
    found = cell(group.path, value, None if title is None else str(title), visit.reader)
    return found if found.text else Cell(kind="text", text=visit.reader.text("list.unseen"))


def money_of(listed: Listed) -> tuple[FieldPath, ...]:
    """The columns of money that are added up."""
    found = (path for path in listed.paths if isinstance(path.field.sort, Currency) and not path.links)
    return tuple(dict.fromkeys(FieldPath(field=path.field) for path in found))[:MOST_SUMS]


def heads(
    listed: Listed, records: Sequence[Record], outline: tuple[Line, ...] | None, *, last: bool, fragment: bool
) -> Iterator[GroupHead | int]:
    """What stands in the page: heads, and the places of the records that follow them.

    A folded group stands before the next open one, or at the end. A page that goes back does not know where
    the one before it ends; folded groups right before its first row are shown again rather than lost.
    """
    state = listed.state
    lines = {line.token: place for place, line in enumerate(outline or ())}
    within, tops = state.within, not (state.after or state.before)
    reached = -1 if tops else lines.get(within or "", -1) if within is not None else None
    shown = within if fragment else None
    for place, record in enumerate(records):
        value = record.values.get(GROUP)
        token = token_of(value)
        if token != shown or (place == 0 and not fragment):
            at = lines.get(token)
            yield from _folded_between(listed, outline or (), reached, at)
            if token != shown:
                goes_on = place == 0 and not tops and (within is None or within == token)
                label = label_of(listed, value, record.values.get(f"{GROUP}.title"))
                line = outline[at] if outline and at is not None else None
                yield _head(listed, token, label, line, goes_on=goes_on)
            shown, reached = token, at if at is not None else reached
        yield place
    if last and outline:
        yield from _folded_between(listed, outline, reached if reached is not None else -1, len(outline))


def grouping(listed: Listed, outline: tuple[Line, ...] | None) -> Grouping:
    """The menu of groups."""
    visit, state, address, group = listed.visit, listed.state, listed.address, listed.group
    now = "" if group is None else _name(group)
    ways = tuple(
        Link(label=label, href=address + state.grouped_by(name).query(), current=name == now)
        for label, name in _ways(visit, listed.target)
    )
    if group is None:
        return Grouping(by="", ways=ways)
    other = written(group.path.name, _unit(group), descending=not group.descending)
    few = outline is not None and len(outline) <= MOST_FOLDED
    none = Link(label=visit.reader.text("list.no_groups"), href=address + state.grouped_by(UNGROUPED).query())
    return Grouping(
        by=heading(group.path, visit.reader.language), ways=(none, *ways),
        turn=address + state.grouped_by(other).query(),
        fold=address + _folding(state, *(line.token for line in outline or ())).query() if few else "",
        open=address + _folding(state).query() if state.folded else "",
    )  # fmt: skip


def _ways(visit: Visit, target: ObjectType) -> Iterator[tuple[str, str]]:
    """Each field there can be groups by, dates once for each unit."""
    for field in offered(visit, target):
        path = FieldPath(field=field)
        if not groupable(path):
            continue
        label = field.label.text(visit.reader.language)
        for unit in UNITS if dated(path) else ("",):
            said = visit.reader.text(f"unit.{unit}") if unit else ""
            yield (f"{label} · {said}" if said else label), written(path.name, unit)


def _lines(listed: Listed) -> Iterator[Line]:
    session, group = listed.visit.signed_in, listed.group
    assert group is not None
    title = _title(listed, group)
    money = tuple(FieldPath(field=path.field, part="company") for path in money_of(listed))
    asked = Aggregate(
        object=listed.target, where=listed.whole, find=listed.query.find, ranked=group,
        group=(group.by, *((title,) if title is not None else ())),
        measures=(
            Measure(function=Function.COUNT),
            *(Measure(function=Function.SUM, path=path) for path in money),
            *(Measure(function=Function.COUNT, path=path) for path in money),
        ),
    )  # fmt: skip
    first = 2 if title is not None else 1
    for line in session.aggregate(asked):
        figures = line[first:]
        yield Line(
            token=token_of(line[0]), label=label_of(listed, line[0], line[1] if title is not None else None),
            count=cast("int", figures[0]),
            sums=cast("tuple[Decimal | None, ...]", tuple(figures[1 : 1 + len(money)])),
            counts=cast("tuple[int, ...]", tuple(figures[1 + len(money) :])),
        )  # fmt: skip


def _title(listed: Listed, group: Group) -> FieldPath | None:
    """The path to what people see of the records that a link leads to, where the reader may see it."""
    target = group.path.field.target if not isinstance(group.by, Bucket) else None
    if target is None or target.title is None:
        return None
    path = FieldPath(links=(*group.path.links, group.path.field), field=target.title)
    return path if sees(listed.visit.signed_in, path) else None


def _folded_between(
    listed: Listed, outline: tuple[Line, ...], reached: int | None, at: int | None
) -> Iterator[GroupHead]:
    """The folded groups between the one that was reached and the one that comes; with none, those before."""
    if at is None:
        return
    start = at if reached is None else reached + 1
    while reached is None and start > 0 and outline[start - 1].token in listed.state.folded:
        start -= 1
    for line in outline[start:at]:
        if line.token in listed.state.folded:
            yield _head(listed, line.token, line.label, line, goes_on=False)


def _head(listed: Listed, token: str, label: Cell, line: Line | None, *, goes_on: bool) -> GroupHead:
    state, folded = listed.state, token in listed.state.folded
    others = tuple(each for each in state.folded if each != token)
    query = state.first_page().query_with((("at", token),))
    return GroupHead(
        label=label, folded=folded, goes_on=goes_on,
        figures=tuple(said_of(listed, line)) if line is not None else (),
        load="" if line is not None else f"{listed.address}/group{query}",
        fold=listed.address + _folding(state, *others, *(() if folded else (token,))).query(),
    )  # fmt: skip


def _folding(state: ListState, *tokens: str) -> ListState:
    """The same list with just these groups folded."""
    return replace(state.first_page(), folded=tuple(dict.fromkeys(tokens))[:MOST_FOLDED])


def _filter(group: Group, token: str) -> Filter:
    name = group.path.name
    if not token:
        return Filter(field=name, operator=Operator.BLANK)
    if isinstance(group.by, Bucket):
        first = date.fromisoformat(token)
        last = _next(first, group.by.unit) - timedelta(days=1)
        return Filter(field=name, operator=Operator.BETWEEN, values=(token, last.isoformat()))
    return Filter(field=name, operator=Operator.EQUAL, values=(token,))


def _next(first: date, unit: Unit) -> date:
    """The first day after a stretch."""
    match unit:
        case Unit.DAY | Unit.WEEK:
            return first + timedelta(days=1 if unit is Unit.DAY else 7)
        case _:
            months = {Unit.MONTH: 1, Unit.QUARTER: _QUARTER, Unit.YEAR: 12}[unit]
            year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
            return date(year, month + 1, 1)


def _stretch(visit: Visit, first: date, unit: Unit) -> str:
    """A stretch of days by its name."""
    match unit:
        case Unit.DAY:
            return visit.reader.formats.date(first)
        case Unit.WEEK:
            year, week, _ = first.isocalendar()
            day = visit.reader.formats.date(first)
            return visit.reader.text("unit.week_of", year=year, week=week, day=day)
        case Unit.MONTH:
            return f"{first:%Y-%m}"
        case Unit.QUARTER:
            quarter = (first.month + 2) // _QUARTER
            return visit.reader.text("unit.quarter_of", year=first.year, quarter=quarter)
        case _:
            return str(first.year)


def _unit(group: Group) -> str:
    return str(group.by.unit) if isinstance(group.by, Bucket) else ""


def _name(group: Group) -> str:
    return written(group.path.name, _unit(group))
