"""Days of work in formulas: what WORKDAYS and ADDWORKDAYS check and compute.

A calendar is one text, the global `$calendar.default` or another `$calendar.code`: for each day of the week
from Monday on whether it is one of work, then the days off and the days of work that differ from that, in
order: `1111100|{2026-01-01,2026-05-01}|{2026-01-04}`. Days are searched for in the text as it stands, which
costs less than reading it for each row. Who evaluates a formula supplies it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from formula import codes
from formula.call import shown
from formula.expr import Literal, Reference
from formula.fault import FormulaError
from formula.types import TEXT

if TYPE_CHECKING:
    from formula.call import Application
    from formula.expr import Expr

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONDAY_TO_FRIDAY = "1111100|{}|{}"
CALENDARS = "$calendar"
CALENDAR = f"{CALENDARS}.default"

_WEEK = len(DAYS)
_LAST = date.max.toordinal()
_DAY = len("2026-01-01")


def check(application: Application) -> Expr | None:
    """The calendar as the third argument: a `$calendar` name, the default one where none is given."""
    if not application.count(2, 3):
        return None
    if len(application.arguments) == 2:
        plain = Literal(value=MONDAY_TO_FRIDAY, type=TEXT, span=application.span)
        calendar = application.known(CALENDAR) or plain
        return replace(application, arguments=(*application.arguments, calendar)).fitted()
    named = application.arguments[2]
    if not isinstance(named, Reference) or not named.name.startswith(f"{CALENDARS}."):
        message = f"{shown(application.function.name)} takes a business calendar"
        application.report(codes.NOT_A_LITERAL, named.span, message, f"write {CALENDARS}. and its code")
        return None
    return application.fitted()


def between(start: date | None, end: date | None, calendar: str | None) -> Decimal | None:
    """How many days of work there are from one day to another, both counted; negative where end is first."""
    if start is None or end is None:
        return None
    kept, first, last = _Calendar(calendar), start.toordinal(), end.toordinal()
    if first <= last:
        return Decimal(kept.until(last) - kept.until(first - 1))
    return Decimal(kept.until(last - 1) - kept.until(first))


def onwards(start: date | None, days: Decimal | None, calendar: str | None) -> date | None:
    """The day of work that is so many of them after a day, or before it; the day itself for 0."""
    if start is None or days is None:
        return None
    kept, count, first = _Calendar(calendar), int(days), start.toordinal()
    if not count:
        return start
    wanted = kept.until(first) + count if count > 0 else kept.until(first - 1) + count + 1
    return kept.day(wanted)


class _Calendar:
    """A calendar text taken apart as far as counting needs. Days are ordinals: the first one is a Monday."""

    __slots__ = ("_closed", "_open", "_upto")

    def __init__(self, text: str | None) -> None:
        if text is None:
            raise FormulaError("there is no such business calendar")
        week, self._closed, self._open = text.split("|")
        self._upto = [week[:day].count("1") for day in range(_WEEK + 1)]

    def until(self, ordinal: int) -> int:
        """How many days of work there are up to a day; `day` is the way back."""
        weeks, rest = divmod(ordinal, _WEEK)
        count = weeks * self._upto[_WEEK] + self._upto[rest]
        if len(self._closed) == len(self._open) == len("{}") or not ordinal:
            return count
        day = date.fromordinal(ordinal).isoformat()
        return count + _until(self._open, day) - _until(self._closed, day)

    def day(self, wanted: int) -> date:
        """The first day with so many days of work up to it; those that differ from their week are few."""
        each, differing = self._upto[_WEEK], _size(self._open) + _size(self._closed)
        reach = (differing // each + 2) * _WEEK if each else _LAST
        about = wanted // each * _WEEK if each else 0
        ordinals = range(max(1, about - reach), min(_LAST, about + reach) + 1)
        place = bisect_left(ordinals, wanted, key=self.until)
        if wanted < 1 or place >= len(ordinals):
            raise FormulaError("no day of the calendar is so far away")
        return date.fromordinal(ordinals[place])


def _size(days: str) -> int:
    return len(days) // (_DAY + 1)


def _until(days: str, day: str) -> int:
    """How many of the days, written in order, are not after one of them."""
    step = _DAY + 1
    return bisect_right(
        range(_size(days)), day, key=lambda place: days[1 + place * step : (place + 1) * step]
    )
