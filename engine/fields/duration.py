"""A length of time: how long a call took, a visit may last. Kept, computed and sent as whole seconds.

People write and read 1:30 (hours and minutes), 1:30:15, 90m or 1h 30m; ISO 8601 (PT1H30M) is read as well.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from engine.codec import MAX_DIGITS
from engine.codes import NOT_A_DURATION
from engine.fields.contract import Kind, options_schema
from engine.fields.many import listed
from engine.fields.numeric import LIMIT, WholeNumber, limits
from engine.problem import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

_CLOCK = re.compile(r"(-?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?")
_UNITS = re.compile(
    r"(?P<sign>-?)(?:P(?=.))?(?:(?P<days>\d{1,6}) ?(?:d|days?|天))? ?(?:T(?=\d))?"
    r"(?:(?P<hours>\d{1,6}) ?(?:h|hours?|小时|小時|时|時))? ?"
    r"(?:(?P<minutes>\d{1,6}) ?(?:m|mins?|minutes?|分钟|分鐘|分))? ?"
    r"(?:(?P<seconds>\d{1,9}) ?(?:s|secs?|seconds?|秒))?",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"[+-]?\d+")
_SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_HINT = "Write it like 1:30, 1h 30m or 90m; a bare number is seconds."


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(WholeNumber):
    """Whole seconds, between `min` and `max`."""

    kind: ClassVar[str] = "duration"
    widget: ClassVar[str] = "duration"

    precision: int = MAX_DIGITS
    scale: int = 0
    min: Decimal | None = None
    max: Decimal | None = None

    def convert(self, raw: object, zone: tzinfo | None = None) -> Decimal | None:
        if not isinstance(raw, str):
            return WholeNumber.convert(self, raw, zone)
        text = unicodedata.normalize("NFKC", raw).strip().replace("\N{MINUS SIGN}", "-")
        if not text:
            return None
        if _WHOLE.fullmatch(text):
            return WholeNumber.convert(self, text, zone)
        return self.within(Decimal(_seconds(text, raw)))


def _seconds(text: str, raw: str) -> int:
    if clock := _CLOCK.fullmatch(text):
        sign, hours, minutes, seconds = clock.groups()
        total = int(hours) * 3_600 + int(minutes) * 60 + int(seconds or 0)
        return -total if sign else total
    found = _UNITS.fullmatch(text)
    if found is None or not any(found[unit] for unit in _SECONDS):
        raise Refusal(NOT_A_DURATION, "“{raw}” is not a length of time.", _HINT, raw=raw)
    total = sum(int(found[unit] or 0) * factor for unit, factor in _SECONDS.items())
    return -total if found["sign"] else total


def written(value: Decimal) -> str:
    """Return seconds as people read them: 1:30 for hours and minutes, 1:30:15 where seconds are left."""
    whole = abs(int(value))
    hours, minutes, seconds = whole // 3_600, whole // 60 % 60, whole % 60
    tail = f":{seconds:02}" if seconds else ""
    return f"{'-' if value < 0 else ''}{hours}:{minutes:02}{tail}"


def bind(options: Mapping[str, object]) -> Duration:
    """Bind to `min` and `max` (seconds)."""
    least, most = limits(options, MAX_DIGITS, 0)
    return Duration(min=least, max=most)


FIELD = listed(Kind(name="duration", schema=options_schema(min=LIMIT, max=LIMIT), bind=bind))
