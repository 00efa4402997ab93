"""The values of a row of criteria: read from what a person or a document gave, and written for them again.

`read` and `plain` are inverse for every type. What a value means in a formula is said in `condition`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from uuid import UUID

from formula.condition import Word
from formula.number import written
from formula.period import PERIODS, Period, period
from formula.suggest import nearest
from formula.types import MAX_PRECISION, Kind

if TYPE_CHECKING:
    from formula.condition import Operand
    from formula.types import Type

Plain = str | bool

_EXAMPLES = {
    Kind.NUMBER: "a number such as 12.50",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a day such as 2026-01-31, or a name such as this_month or last_30_days",
    Kind.DATETIME: "a day, a name such as today, or an instant such as 2026-01-31T08:30:00Z",
    Kind.TIME: "a time such as 08:30",
    Kind.ID: "the id of a record, or me",
    Kind.TEXT: "a text",
    Kind.PICKLIST: "the code of an option",
}


class MisfitError(ValueError):
    """A value that the field cannot be compared with; `hint` names a period that may be meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def read(type_: Type, given: object) -> Operand:
    """A value for a field of this type: of itself, or of the text or plain value that stands for it.

    Raises MisfitError. Instants without a zone are UTC. A list is compared with what it holds.
    """
    if type_.kind is Kind.MULTIPICKLIST:
        return _text(given) if type_.element is None else read(type_.element, given)
    found = _of_kind(type_.kind, given)
    if found is None:
        wanted = _EXAMPLES.get(type_.kind, "a value")
        raise MisfitError(f"expected {wanted}, found {_shown(given)}", _hint(type_.kind, given))
    return found


def plain(value: Operand) -> Plain:
    """A value as JSON and documents hold it."""
    match value:
        case Word():
            return str(value.value)
        case Period(name=name):
            return name
        case bool() | str():
            return value
        case Decimal():
            return written(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case _:
            return value.isoformat()


def _of_kind(kind: Kind, given: object) -> Operand | None:
    match kind:
        case Kind.NUMBER:
            return _number(given)
        case Kind.BOOLEAN:
            return _boolean(given)
        case Kind.DATE:
            return _day(given)
        case Kind.DATETIME:
            return _instant(given)
        case Kind.TIME:
            return _time(given)
        case Kind.ID:
            return _id(given)
        case _:
            return _text(given)


def _text(given: object) -> str:
    if isinstance(given, str) and given:
        return given
    raise MisfitError(f"expected a text, found {_shown(given)}", "write it in quotes" if given else "")


def _number(given: object) -> Decimal | None:
    if isinstance(given, bool) or not isinstance(given, int | Decimal | str):
        return None
    try:
        number = Decimal(given.strip() if isinstance(given, str) else given)
    except InvalidOperation:
        return None
    fits = number.is_finite() and len(written(number).replace(".", "")) <= MAX_PRECISION
    return Decimal(written(number)) if fits else None


def _boolean(given: object) -> bool | None:
    words = {"true": True, "false": False}
    return given if isinstance(given, bool) else words.get(given.lower()) if isinstance(given, str) else None


def _day(given: object) -> Operand | None:
    if isinstance(given, Period) or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    if not isinstance(given, str):
        return None
    try:
        return period(given) or date.fromisoformat(given)
    except ValueError:
        return None


def _instant(given: object) -> Operand | None:
    if isinstance(given, datetime):
        return given
    day = _day(given)
    if day is not None or not isinstance(given, str):
        return day
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).replace(microsecond=0)


def _time(given: object) -> time | None:
    if isinstance(given, str):
        try:
            given = time.fromisoformat(given)
        except ValueError:
            return None
    if not isinstance(given, time) or given.tzinfo:
        return None
    return given.replace(microsecond=given.microsecond // 1000 * 1000)


def _id(given: object) -> Operand | None:
    if given is Word.ME or given == Word.ME.value:
        return Word.ME
    if not isinstance(given, str):
        return None
    try:
        known = str(UUID(given))
    except ValueError:
        return None
    return known if known == given.lower() else None


def _shown(given: object) -> str:
    if given is None or given == "":
        return "nothing"
    return f"“{given}”" if isinstance(given, str) else str(given).lower()


def _hint(kind: Kind, given: object) -> str:
    dated = kind in (Kind.DATE, Kind.DATETIME) and isinstance(given, str)
    near = nearest(str(given), PERIODS) if dated else ""
    return f"did you mean {near}?" if near else ""
