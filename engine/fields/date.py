"""A day of the calendar, without a time and without a zone."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, ClassVar

from engine.codec import date_form
from engine.codes import NOT_A_DATE
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.many import listed
from engine.problem import Refusal
from formula.condition import ORDERED, Operator
from formula.types import DATE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from formula.types import Type

# Year first, so that no day is taken for a month; a spreadsheet's midnight after it says nothing.
_DAY = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(FieldType):
    """A date between the years 1 and 9999."""

    kind: ClassVar[str] = "date"
    widget: ClassVar[str] = "date"
    operators: ClassVar[tuple[Operator, ...]] = ORDERED

    @property
    def type(self) -> Type:
        return DATE

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        form = date_form(dialect)
        return (Stored(role="value", suffix="", type=form.type, encode=form.encode, decode=form.decode),)

    def convert(self, raw: object, zone: tzinfo | None = None) -> date | None:  # noqa: ARG002  (needs none)
        match raw:
            case None:
                return None
            case datetime() if raw.time() == time():
                return raw.date()  # what spreadsheets call a date
            case date() if not isinstance(raw, datetime):
                return raw
            case str():
                return _read(raw)
            case _:
                raise Refusal(NOT_A_DATE, "“{raw}” is not a date.", "Write it like 2026-01-31.", raw=raw)

    def json(self, value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "format": "date"}


def _read(raw: str) -> date | None:
    text = unicodedata.normalize("NFKC", raw).strip()
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) for part in found.groups() if part is not None)
        return date(year, month, day)
    except ValueError:
        raise Refusal(NOT_A_DATE, "“{raw}” is not a date.", "Write it like 2026-01-31.", raw=raw) from None


def bind(_options: Mapping[str, object]) -> Date:
    """Bind; there are no options."""
    return Date()


FIELD = listed(Kind(name="date", schema=options_schema(), bind=bind))
