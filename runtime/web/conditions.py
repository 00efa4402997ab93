"""Filters of a list as a text in the formula language, which the Session checks like any other condition.

Values are converted by the field's own type and written as literals, so nothing that was typed is ever read
as language.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.fields.contract import Operator
from engine.problem import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from engine.fields.contract import FieldType
    from runtime.web.state import Filter

SYMBOLS = {
    Operator.EQUAL: "=", Operator.NOT_EQUAL: "<>", Operator.LESS: "<", Operator.AT_MOST: "<=",
    Operator.MORE: ">", Operator.AT_LEAST: ">=",
}  # fmt: skip
TESTS = {Operator.BLANK: "ISBLANK({name})", Operator.NOT_BLANK: "NOT(ISBLANK({name}))"}
FUNCTIONS = {Operator.CONTAINS: "CONTAINS", Operator.BEGINS: "BEGINS"}


def condition(one: Filter, sort: FieldType, zone: ZoneInfo) -> str | None:
    """The filter on a field of type `sort` as text, or None when its operator or value does not fit."""
    try:
        operator = Operator(one.operator)
        value = None if operator in TESTS else _meant(one.value, sort, zone)
    except (ValueError, Refusal):
        return None
    if operator not in sort.operators or (value is None and operator not in TESTS):
        return None
    if operator in TESTS:
        return TESTS[operator].format(name=one.field)
    if isinstance(value, tuple):
        return _listed(one.field, value, wanted=operator is Operator.INCLUDES)
    if operator in FUNCTIONS:
        return f"{FUNCTIONS[operator]}({one.field}, {literal(value)})"
    return f"{one.field} {SYMBOLS[operator]} {literal(value)}"


def _listed(name: str, values: tuple[object, ...], *, wanted: bool) -> str:
    """Whether a list has one of the values, or none of them."""
    found = " || ".join(f"INCLUDES({name}, {literal(value)})" for value in values)
    return f"({found})" if wanted else f"NOT({found})"


def _meant(text: str, sort: FieldType, zone: ZoneInfo) -> object:
    """What a filter's text stands for: a value of the type, or words of one that conditions see as text."""
    return text.strip() or None if sort.seen else sort.convert(text, zone)


def all_of(filters: Iterable[Filter], sorts: Mapping[str, FieldType], zone: ZoneInfo) -> tuple[str, ...]:
    """The texts of all filters whose field is among `sorts`."""
    texts = (condition(one, sorts[one.field], zone) for one in filters if one.field in sorts)
    return tuple(text for text in texts if text is not None)


def literal(value: object) -> str:
    """A value as the formula language writes it.

    Raises:
        TypeError: the language has no literal for it.
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
        case time():
            return f'TIMEVALUE("{value.isoformat("milliseconds")}")'
        case date():
            return f"DATE({value.year}, {value.month}, {value.day})"
        case _:
            message = f"no literal for {type(value).__name__}"
            raise TypeError(message)
