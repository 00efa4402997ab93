"""Values as JSON carries them: read into what formulas compute with, and written back.

Numbers travel as decimal strings without an exponent, dates and times in ISO 8601, instants with Z, booleans
as themselves, blank as null.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, assert_never

from formula.number import written
from formula.types import MAX_PRECISION, Kind
from runtime.formulas.refusal import Refused

if TYPE_CHECKING:
    from formula.types import Type

Cell = Any
"""A Value, or a tuple of them for a list."""

PLACEHOLDER = "00000000-0000-7000-8000-000000000001"
"""The id of a linked record that is there and has none."""
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})


def read_cell(raw: object, type_: Type, where: str) -> Cell:
    """The value of a field; None for blank, and False for a blank Boolean. Raises Refused, naming `where`."""
    if raw is None or raw == "":
        return False if type_.kind is Kind.BOOLEAN else None
    try:
        return _read(raw, type_)
    except (ValueError, OverflowError, InvalidOperation, UnicodeError) as error:
        raise Refused(f"{where}: {_short(raw)} is no {type_.kind}", _EXAMPLES.get(type_.kind, "")) from error


def id_of(raw: object) -> object:
    """The id of a link, given as such or within the record that it leads to."""
    if not isinstance(raw, dict):
        return raw
    return next((value for key, value in raw.items() if key.lower() == "id" and value), PLACEHOLDER)


def write_cell(value: Cell) -> object:
    """A value for JSON."""
    match value:
        case bool() | str() | None:
            return value
        case Decimal():
            return written(value)
        case datetime():
            return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=_precision(value))}Z"
        case time():
            return value.isoformat(timespec=_precision(value))
        case date():
            return value.isoformat()
        case tuple():
            return [write_cell(item) for item in value]
        case _:
            return str(value)


_EXAMPLES = {
    Kind.NUMBER: 'write a decimal such as "12.50"',
    Kind.BOOLEAN: "write true or false",
    Kind.DATE: 'write a date such as "2026-01-31"',
    Kind.DATETIME: 'write an instant such as "2026-01-31T12:00:00Z"',
    Kind.TIME: 'write a time such as "17:30:00"',
    Kind.MULTIPICKLIST: 'write a list of option codes, or "a;b"',
}


def _read(raw: object, type_: Type) -> Cell:
    match type_.kind:
        case Kind.NUMBER:
            return _number(raw)
        case Kind.BOOLEAN:
            return _boolean(raw)
        case Kind.DATE:
            return _date(_word(raw))
        case Kind.DATETIME:
            return _instant(_word(raw))
        case Kind.TIME:
            return _clock(_word(raw))
        case Kind.TEXT | Kind.ID | Kind.PICKLIST | Kind.NULL:
            return _text(raw)
        case Kind.MULTIPICKLIST:
            return _list(raw, type_)
        case _:
            assert_never(type_.kind)


def _number(raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal):
        raise ValueError  # noqa: TRY004 - told like any other value that does not fit
    number = Decimal(raw.strip() if isinstance(raw, str) else raw)
    if not number.is_finite() or abs(number.adjusted()) > 2 * MAX_PRECISION:
        raise ValueError
    if len("".join(map(str, number.as_tuple().digits)).strip("0")) > MAX_PRECISION:
        raise ValueError
    return number or Decimal(0)  # no signed zero


def _boolean(raw: object) -> bool:
    word = str(raw).lower()
    if word not in _TRUE | _FALSE:
        raise ValueError
    return word in _TRUE


def _word(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError  # noqa: TRY004 - told like any other value that does not fit
    return raw.strip()


def _date(text: str) -> date:
    return datetime.fromisoformat(text).date() if len(text) > len("2026-01-31") else date.fromisoformat(text)


def _instant(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _clock(text: str) -> time:
    return time.fromisoformat(text.removesuffix("Z"))


def _text(raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise ValueError  # noqa: TRY004 - told like any other value that does not fit
    text = unicodedata.normalize("NFC", raw if isinstance(raw, str) else written(Decimal(raw)))
    text.encode()  # refuses halves of surrogate pairs
    if "\0" in text:
        raise ValueError
    return text


def _list(raw: object, type_: Type) -> tuple[Cell, ...] | None:
    items = raw.split(";") if isinstance(raw, str) else raw
    if not isinstance(items, list):
        raise ValueError  # noqa: TRY004 - told like any other value that does not fit
    read = [_text(item) if type_.element is None else _read(item, type_.element) for item in items if item]
    return tuple(read) or None


def _precision(value: datetime | time) -> str:
    if not value.microsecond:
        return "seconds"
    return "microseconds" if value.microsecond % 1000 else "milliseconds"


def _short(raw: object) -> str:
    text = repr(raw) if not isinstance(raw, Decimal) else str(raw)
    return text if len(text) <= 60 else f"{text[:59]}…"
