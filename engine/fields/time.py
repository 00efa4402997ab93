"""A time of day, without a date and without a zone: opening hours, the start of a shift."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import time_form
from engine.codes import NOT_A_TIME
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.many import listed
from engine.problem import Refusal
from formula.condition import ORDERED, Operator
from formula.types import TIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Dialect
    from formula.types import Type

_HINT = "Write it like 09:30 or 17:45:30."
_CLOCK = re.compile(
    r"(?P<before>AM|PM|上午|下午)? ?(?P<hour>\d{1,2})[:点時时](?P<minute>\d{2})分?"
    r"(?::(?P<second>\d{2})(?:\.(?P<rest>\d{1,6}))?)? ?(?P<after>AM|PM)?",
    re.IGNORECASE,
)
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Time(FieldType):
    """A time between 00:00 and 23:59:59.999999."""

    kind: ClassVar[str] = "time"
    widget: ClassVar[str] = "time"
    operators: ClassVar[tuple[Operator, ...]] = ORDERED

    @property
    def type(self) -> Type:
        return TIME

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        form = time_form(dialect)
        return (Stored(role="value", suffix="", type=form.type, encode=form.encode, decode=form.decode),)

    def convert(self, raw: object, zone: dt.tzinfo | None = None) -> dt.time | None:  # noqa: ARG002  (needs none)
        match raw:
            case None:
                return None
            case dt.time(tzinfo=None):
                return raw
            case str():
                return _read(raw)
            case _:
                raise Refusal(NOT_A_TIME, "“{raw}” is not a time of day.", _HINT, raw=raw)

    def json(self, value: dt.time | None) -> str | None:
        return None if value is None else value.isoformat()

    @property
    def json_schema(self) -> dict[str, object]:
        # RFC 3339, which `format: time` means, asks for an offset; a time of day has none.
        return {
            "type": ["string", "null"],
            "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$",
        }


def _read(raw: str) -> dt.time | None:
    text = unicodedata.normalize("NFKC", raw).strip()
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    try:
        if found is None or (found["before"] and found["after"]):
            raise ValueError
        rest = int((found["rest"] or "").ljust(6, "0"))
        return dt.time(_hour(found), int(found["minute"]), int(found["second"] or 0), rest)
    except ValueError:
        raise Refusal(NOT_A_TIME, "“{raw}” is not a time of day.", _HINT, raw=raw) from None


def _hour(found: re.Match[str]) -> int:
    """The hour of 24, from one of 12 where the text says which half of the day it means."""
    hour, half = int(found["hour"]), (found["before"] or found["after"] or "").upper()
    if not half:
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError
    return hour % _NOON + (_NOON if half in ("PM", "下午") else 0)


def bind(_options: Mapping[str, object]) -> Time:
    """Bind; there are no options."""
    return Time()


FIELD = listed(Kind(name="time", schema=options_schema(), bind=bind))
