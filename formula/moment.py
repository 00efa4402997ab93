"""Arithmetic of dates, instants and times of day, as formulas mean it.

Days may have fractions with instants; with dates they are cut off. Time counts milliseconds around
the clock. A result outside the years 1 to 9999 is an error.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from formula.fault import FormulaError, clipped
from formula.number import divide, nearest_whole, negate, truncated

_DAY_SECONDS = Decimal(86_400)
_DAY_MICROSECONDS = Decimal(86_400_000_000)
_DAY_MILLISECONDS = 86_400_000
_SECOND = Decimal(1_000_000)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MIDNIGHT = time()
_DAY = r"[0-9]{4}(?:-[0-9]{1,2}){2}"
_CLOCK = r"(?:[01]?[0-9]|2[0-3])(?::[0-5]?[0-9]){2}(?:[.][0-9]{1,3})?"
DAY_TEXT = rf"^{_DAY}$"
"""What DATEVALUE reads: 2026-01-31 or 2026-1-31."""
CLOCK_TEXT = rf"^{_CLOCK}$"
"""What TIMEVALUE reads: 17:30:45, 7:5:0 or 17:30:45.125."""
INSTANT_TEXT = rf"^{_DAY} {_CLOCK}$"
"""What DATETIMEVALUE reads: 2026-01-31 17:30:45, in UTC."""
_OUT_OF_RANGE = "the date is out of range"


def make_date(year: Decimal, month: Decimal, day: Decimal) -> date:
    """DATE(year, month, day); FormulaError if the calendar has no such day."""
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        raise FormulaError(
            "there is no date {year}-{month}-{day}", year=int(year), month=int(month), day=int(day)
        ) from None


def add_days(day: date, days: Decimal) -> date:
    """A date some days on; the fraction of `days` is ignored."""
    try:
        return day + timedelta(days=int(days))
    except OverflowError:
        raise FormulaError(_OUT_OF_RANGE) from None


def subtract_days(day: date, days: Decimal) -> date:
    """A date some days back."""
    return add_days(day, negate(days))


def add_to_instant(instant: datetime, days: Decimal) -> datetime:
    """An instant some days on, fractions to the nearest second, halves away from zero, as in Salesforce."""
    try:
        return instant + timedelta(seconds=nearest_whole(days, _DAY_SECONDS))
    except OverflowError:
        raise FormulaError(_OUT_OF_RANGE) from None


def subtract_from_instant(instant: datetime, days: Decimal) -> datetime:
    """An instant some days back."""
    return add_to_instant(instant, negate(days))


def add_to_time(clock: time, milliseconds: Decimal) -> time:
    """A time of day some milliseconds on, around midnight."""
    total = (_milliseconds(clock) + int(milliseconds)) % _DAY_MILLISECONDS
    seconds, rest = divmod(total, 1000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest * 1000)


def subtract_from_time(clock: time, milliseconds: Decimal) -> time:
    """A time of day some milliseconds back, around midnight."""
    return add_to_time(clock, negate(milliseconds))


def days_between(later: date, earlier: date) -> Decimal:
    """Whole days from one date to another."""
    return Decimal((later - earlier).days)


def days_between_instants(later: datetime, earlier: datetime) -> Decimal:
    """Days with fractions from one instant to another."""
    return divide(Decimal((later - earlier) // timedelta(microseconds=1)), _DAY_MICROSECONDS)


def milliseconds_between(later: time, earlier: time) -> Decimal:
    """Milliseconds from one time of day forward to another, around midnight."""
    return Decimal((_milliseconds(later) - _milliseconds(earlier)) % _DAY_MILLISECONDS)


def add_months(day: date, months: Decimal) -> date:
    """The same day some months on; the last day of a month stays a last day.

    An instant keeps its time of day in UTC.
    """
    if isinstance(day, datetime):
        moved = add_months(day.astimezone(UTC).date(), months)
        return datetime.combine(moved, day.astimezone(UTC).timetz())
    number = day.year * 12 + day.month - 1 + int(months)
    year, month = number // 12, number % 12 + 1
    if not 1 <= year <= 9999:
        raise FormulaError(_OUT_OF_RANGE)
    last = monthrange(year, month)[1]
    sticks = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if sticks else min(day.day, last))


def parse_date(text: str) -> date:
    """DATEVALUE of a text `YYYY-MM-DD`, zeros before month and day optional; FormulaError if it is none."""
    if not re.fullmatch(DAY_TEXT, text.strip()):
        raise FormulaError('"{text}" is not a date like 2026-01-31', text=clipped(text))
    return make_date(*(Decimal(part) for part in text.strip().split("-")))


def time_value(value: str | datetime) -> time:
    """TIMEVALUE: the time of day in UTC of an instant, or that of a text; FormulaError if it is none."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).time()
    if not re.fullmatch(CLOCK_TEXT, value.strip()):
        raise FormulaError('"{text}" is not a time like 17:30:00', text=clipped(value))
    clock, _, fraction = value.strip().partition(".")
    hours, minutes, seconds = clock.split(":")
    return time(int(hours), int(minutes), int(seconds), int(f"{fraction:0<6}"))


def instant_value(value: str | date) -> datetime:
    """DATETIMEVALUE: an instant, midnight UTC of a date, or the instant in UTC that a text says."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, _MIDNIGHT, UTC)
    if not re.fullmatch(INSTANT_TEXT, value.strip()):
        raise FormulaError('"{text}" is not an instant like 2026-01-31 17:30:00', text=clipped(value))
    day, clock = value.strip().split(" ")
    return datetime.combine(parse_date(day), time_value(clock), UTC)


def unix_time(value: date | time) -> Decimal:
    """Whole seconds since the beginning of 1970 in UTC, or since midnight; fractions are cut off."""
    if isinstance(value, time):
        value = datetime.combine(_EPOCH.date(), value, UTC)
    return truncated(divide(Decimal((instant_value(value) - _EPOCH) // timedelta(microseconds=1)), _SECOND))


def from_unix_time(seconds: Decimal) -> datetime:
    """The instant some seconds after the beginning of 1970, to the nearest microsecond."""
    try:
        return _EPOCH + timedelta(microseconds=nearest_whole(seconds, _SECOND))
    except OverflowError:
        raise FormulaError(_OUT_OF_RANGE) from None


def hour(clock: time) -> Decimal:
    """0 to 23."""
    return Decimal(clock.hour)


def minute(clock: time) -> Decimal:
    """0 to 59."""
    return Decimal(clock.minute)


def second(clock: time) -> Decimal:
    """0 to 59."""
    return Decimal(clock.second)


def millisecond(clock: time) -> Decimal:
    """0 to 999, cut off."""
    return Decimal(clock.microsecond // 1000)


def day_of_year(day: date) -> Decimal:
    """1 to 366."""
    return Decimal(day.timetuple().tm_yday)


def iso_week(day: date) -> Decimal:
    """The week by ISO 8601, 1 to 53."""
    return Decimal(day.isocalendar().week)


def iso_year(day: date) -> Decimal:
    """The year that the week by ISO 8601 belongs to."""
    return Decimal(day.isocalendar().year)


def show_instant(instant: datetime) -> str:
    """TEXT of an instant: UTC, whole seconds, with `Z`."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'seconds')}Z"


def show_time(clock: time) -> str:
    """TEXT of a time of day: `HH:MM:SS.mmm`."""
    return clock.isoformat("milliseconds")


def _milliseconds(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1000 + clock.microsecond // 1000
