"""An instant: kept and computed in UTC, read and shown in the person's zone."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, ClassVar

from engine.codec import datetime_form
from engine.codes import NOT_A_DATETIME
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.many import listed
from engine.problem import Refusal
from formula.condition import ORDERED, Operator
from formula.types import DATETIME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Dialect
    from formula.types import Type

_HINT = "Write it like 2026-01-31T09:30:00Z."


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTime(FieldType):
    """An instant, exact to the microsecond."""

    kind: ClassVar[str] = "datetime"
    widget: ClassVar[str] = "datetime"
    operators: ClassVar[tuple[Operator, ...]] = ORDERED

    @property
    def type(self) -> Type:
        return DATETIME

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        form = datetime_form(dialect)
        return (Stored(role="value", suffix="", type=form.type, encode=form.encode, decode=form.decode),)

    def convert(self, raw: object, zone: tzinfo = UTC) -> datetime | None:
        """Read ISO 8601; without an offset the time is one of `zone`.

        A local time that a clock change skips is read with the offset before the change; one that occurs
        twice is the first (PEP 495, fold=0).
        """
        match raw:
            case None:
                return None
            case datetime():
                return _instant(raw, zone, raw)
            case date():
                return _instant(datetime.combine(raw, time()), zone, raw)
            case str():
                return _read(raw, zone)
            case _:
                raise Refusal(NOT_A_DATETIME, "“{raw}” is not a date and time.", _HINT, raw=raw)

    def json(self, value: datetime | None) -> str | None:
        return None if value is None else value.isoformat().replace("+00:00", "Z")

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "format": "date-time"}


def _read(raw: str, zone: tzinfo) -> datetime | None:
    text = unicodedata.normalize("NFKC", raw).strip().replace("/", "-")
    if not text:
        return None
    try:
        return _instant(datetime.fromisoformat(text), zone, raw)
    except ValueError:
        raise Refusal(NOT_A_DATETIME, "“{raw}” is not a date and time.", _HINT, raw=raw) from None


def _instant(moment: datetime, zone: tzinfo, raw: object) -> datetime:
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise Refusal(NOT_A_DATETIME, "“{raw}” lies outside the years 1 to 9999.", _HINT, raw=raw) from None


def bind(_options: Mapping[str, object]) -> DateTime:
    """Bind; there are no options."""
    return DateTime()


FIELD = listed(Kind(name="datetime", schema=options_schema(), bind=bind))
