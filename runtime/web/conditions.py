"""Filters of a list as texts in the formula language, which the Session checks like any other condition.

Values are converted by the field's own type, and `formula.condition` writes them as literals, so nothing that
was typed is ever read as language. A filter that does not fit raises `Unfit` or `Refusal`: the page tells it
beside the filter.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from engine.fields.date import FIELD as DATE
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.lookup import Lookup
from engine.problem import Refusal
from formula.condition import ALONE, Operator, Word, text, write
from formula.operand import MisfitError, read
from formula.period import period

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from engine.fields.contract import FieldType
    from formula.condition import Operand
    from runtime.web.state import Filter

ME = Word.ME.value
"""The value that stands for the reader herself where a field links to users."""
USER = "user"
_DAY = DATE.bind({})


class Unfit(Exception):  # noqa: N818  (it refuses; nothing broke)
    """A filter that says nothing; `key` is the product text that tells why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def condition(one: Filter, sort: FieldType, zone: ZoneInfo) -> str:
    """The filter on a field of type `sort` as text; `zone` is the reader's, for a time without one.

    Raises:
        Unfit: the operator is none of the type's, or a value is missing.
        Refusal: a value is none that the type can hold.
    """
    if one.operator not in tuple(sort.operators):
        raise Unfit("list.filter_operator")
    operator = Operator(one.operator)
    given = () if operator in ALONE else one.values
    if operator not in ALONE and (not given or (operator is Operator.BETWEEN and len(given) != 2)):
        raise Unfit("list.filter_value")
    values = tuple(operand(sort, raw, zone) for raw in given)
    return text(write(one.field, sort.type.kind, operator, values))


@singledispatch
def operand(sort: FieldType, raw: str, zone: ZoneInfo) -> Operand:
    """What was typed as a value of the type, or of its list's type; values of several parts are words."""
    one = sort.element or sort
    return _fitting(one, raw if one.seen else one.convert(raw, zone))


@operand.register(Lookup)
def _(sort: Lookup, raw: str, zone: ZoneInfo) -> Operand:
    return Word.ME if raw == ME and sort.to == USER else _fitting(sort, sort.convert(raw, zone))


@operand.register(Date)
def _(sort: Date, raw: str, zone: ZoneInfo) -> Operand:
    return period(raw) or _fitting(sort, sort.convert(raw, zone))


@operand.register(DateTime)
def _(sort: DateTime, raw: str, zone: ZoneInfo) -> Operand:
    """A day stands for all its instants in the reader's zone; a day with a time for that instant."""
    return period(raw) or _whole_day(raw) or _fitting(sort, sort.convert(raw, zone))


def _whole_day(raw: str) -> date | None:
    try:
        return _DAY.convert(raw)  # type: ignore[no-any-return]
    except Refusal:
        return None


def _fitting(sort: FieldType, value: object) -> Operand:
    """A converted value as the language compares it; one that it has no literal for is unfit."""
    if value is None:
        raise Unfit("list.filter_value")
    try:
        return read(sort.type, value)
    except MisfitError:
        raise Unfit("list.filter_operator") from None
