"""Filters of a list as texts in the formula language, which the Session checks like any other condition.

Values are converted by the field's own type and written as literals, so nothing that was typed is ever read
as language. A filter that does not fit raises `Unfit` or `Refusal`: the page tells it beside the filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import singledispatch
from typing import TYPE_CHECKING

from engine.fields.contract import Operator
from engine.fields.date import FIELD as DATE
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.lookup import Lookup
from engine.problem import Refusal
from runtime.web.period import PERIODS, Days, day

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from engine.fields.contract import FieldType
    from runtime.web.state import Filter

ME = "me"
"""The value that stands for the reader herself where a field links to users."""
USER = "user"
SYMBOLS = {
    Operator.EQUAL: "=", Operator.NOT_EQUAL: "<>", Operator.LESS: "<", Operator.AT_MOST: "<=",
    Operator.MORE: ">", Operator.AT_LEAST: ">=",
}  # fmt: skip
TESTS = {"blank": "ISBLANK({name})", "not_blank": "NOT(ISBLANK({name}))"}
FUNCTIONS = {
    "contains": "CONTAINS({name}, {value})", "begins": "BEGINS({name}, {value})",
    "includes": "INCLUDES({name}, {value})", "excludes": "NOT(INCLUDES({name}, {value}))",
}  # fmt: skip
DENIALS = frozenset({"not_equal", "excludes"})
"""Operators that say no: of several values, none may be it."""
_SPANS = {
    Operator.EQUAL: "{name} >= {first} && {name} < {end}",
    Operator.NOT_EQUAL: "NOT({name} >= {first} && {name} < {end})", Operator.LESS: "{name} < {first}",
    Operator.AT_MOST: "{name} < {end}", Operator.MORE: "{name} >= {end}",
    Operator.AT_LEAST: "{name} >= {first}",
}  # fmt: skip
_DAY = DATE.bind({})


class Unfit(Exception):  # noqa: N818  (it refuses; nothing broke)
    """A filter that says nothing; `key` is the product text that tells why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """What a filter may mean by its reader: her id, the day it is for her, and her time zone."""

    user: str
    today: date
    zone: ZoneInfo


def condition(one: Filter, sort: FieldType, asker: Asker) -> str:
    """The filter on a field of type `sort` as text.

    Raises:
        Unfit: the operator is none of the type's, or a value is missing.
        Refusal: a value is none that the type can hold.
    """
    if one.operator not in tuple(sort.operators):
        raise Unfit("list.filter_operator")
    operator = Operator(one.operator)
    if operator in TESTS:
        return TESTS[operator].format(name=one.field)
    if not one.values:
        raise Unfit("list.filter_value")
    texts = [compare(sort, one.field, operator, value, asker) for value in one.values]
    if len(texts) == 1:
        return texts[0]
    return "(" + (" && " if operator in DENIALS else " || ").join(f"({text})" for text in texts) + ")"


@singledispatch
def compare(sort: FieldType, name: str, operator: Operator, raw: str, asker: Asker) -> str:
    """The comparison of the field `name` with one value: of its type, of its list's type, or words."""
    one = sort.element or sort
    # Values of several parts are texts to conditions.
    return _compared(name, operator, literal(raw if one.seen else one.convert(raw, asker.zone)))


@compare.register(Lookup)
def _(sort: Lookup, name: str, operator: Operator, raw: str, asker: Asker) -> str:
    id_ = asker.user if raw == ME and sort.to == USER else sort.convert(raw, asker.zone)
    return _compared(name, operator, literal(id_))


@compare.register(Date)
def _(sort: Date, name: str, operator: Operator, raw: str, asker: Asker) -> str:
    if raw not in PERIODS:
        return _compared(name, operator, literal(sort.convert(raw, asker.zone)))
    days = PERIODS[raw](asker.today)
    return _SPANS[operator].format(name=name, first=literal(days.first), end=literal(days.end))


@compare.register(DateTime)
def _(sort: DateTime, name: str, operator: Operator, raw: str, asker: Asker) -> str:
    """A day stands for all its instants in the reader's zone; a day with a time for that instant."""
    days = PERIODS[raw](asker.today) if raw in PERIODS else _whole_day(raw)
    if days is None:
        return _compared(name, operator, literal(sort.convert(raw, asker.zone)))
    first, end = (literal(datetime.combine(at, time(), asker.zone)) for at in days)
    return _SPANS[operator].format(name=name, first=first, end=end)


def _whole_day(raw: str) -> Days | None:
    try:
        return day(_DAY.convert(raw))
    except (Refusal, OverflowError):
        return None


def _compared(name: str, operator: Operator, value: str) -> str:
    if operator in FUNCTIONS:
        return FUNCTIONS[operator].format(name=name, value=value)
    if operator not in SYMBOLS:
        raise Unfit("list.filter_operator")
    return f"{name} {SYMBOLS[operator]} {value}"


def literal(value: object) -> str:
    """A value as the formula language writes it.

    Raises:
        Unfit: the language has no literal for it.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"({value.normalize():f})"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case datetime():
            return f'DATETIMEVALUE("{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}")'
        case date():
            return f"DATE({value.year}, {value.month}, {value.day})"
        case time():
            return f'TIMEVALUE("{value:%H:%M:%S}")'
        case None:
            raise Unfit("list.filter_value")
        case _:
            raise Unfit("list.filter_operator")
