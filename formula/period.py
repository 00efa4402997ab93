"""Stretches of days that people name instead of dates: today, this week, the last 30 days.

Each is told twice: as days of a calendar, for whoever knows which day it is, and as formula texts relative
to TODAY(), for conditions that are kept and move on with the calendar. `condition` writes the texts and
`recognition` reads them; the lists of the product use the days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COUNTED = re.compile(r"(last|next|in)_([1-9][0-9]{0,3})_days|([1-9][0-9]{0,3})_days_ago")
_SHIFTED = re.compile(r"TODAY\(\) ([-+]) ([1-9][0-9]{0,3})")
_MONDAY = "TODAY() - MOD(WEEKDAY(TODAY()) + 5, 7)"
_MONTH = "DATE(YEAR(TODAY()), MONTH(TODAY()), 1)"


class Days(NamedTuple):
    """From the day `first` up to, but without, the day `end`."""

    first: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A named stretch; `first` and `end` are formula texts of Dates, as `printer.show` writes them.

    `end` is the day behind the last one; it is "" where the stretch is one day.
    """

    name: str
    first: str
    end: str
    days: Callable[[date], Days] = field(compare=False)


def day(first: date) -> Days:
    """One day."""
    return Days(first, first + timedelta(days=1))


def period(name: str) -> Period | None:
    """The period of this name, or None: of `PERIODS`, or with a number of days up to 9999.

    `last_90_days` and `next_14_days` count today; `in_30_days` and `30_days_ago` are one day.
    """
    found = PERIODS.get(name)
    counted = _COUNTED.fullmatch(name) if found is None else None
    if counted is None:
        return found
    if counted[3]:
        return _one(name, -int(counted[3]))
    return _one(name, int(counted[2])) if counted[1] == "in" else _counted(name, counted[1], int(counted[2]))


def known(first: str, end: str) -> Period | None:
    """The period that begins and ends so, or None: the way back from the texts."""
    for each in PERIODS.values():
        if (each.first, each.end) == (first, end):
            return each
    begun, over = _SHIFTED.fullmatch(first), _SHIFTED.fullmatch(end)
    if begun is not None and not end:
        return period(f"{begun[2]}_days_ago" if begun[1] == "-" else f"in_{begun[2]}_days")
    if begun is not None and begun[1] == "-" and end == "TODAY() + 1":
        return period(f"last_{int(begun[2]) + 1}_days")
    return period(f"next_{over[2]}_days") if first == "TODAY()" and over and over[1] == "+" else None


def edge(text: str) -> tuple[Period | None, bool]:
    """The first of `PERIODS` that begins with this text, or ends with it (then with True)."""
    long = [each for each in PERIODS.values() if each.end]
    begun = next((each for each in long if each.first == text), None)
    return (begun, False) if begun else (next((each for each in long if each.end == text), None), True)


def _one(name: str, ahead: int) -> Period:
    first = "TODAY()" if not ahead else f"TODAY() {'-' if ahead < 0 else '+'} {abs(ahead)}"
    return Period(name=name, first=first, end="", days=lambda today: day(today + timedelta(days=ahead)))


def _counted(name: str, way: str, count: int) -> Period:
    before, after = (count - 1, 1) if way == "last" else (0, count)
    first = f"TODAY() - {before}" if before else "TODAY()"
    return Period(name=name, first=first, end=f"TODAY() + {after}", days=partial(_around, before, after))


def _around(before: int, after: int, today: date) -> Days:
    return Days(today - timedelta(days=before), today + timedelta(days=after))


def _week(name: str, ahead: int) -> Period:
    """The ISO 8601 week, which starts on Monday, so many weeks ahead."""

    def days(today: date) -> Days:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return Days(monday, monday + timedelta(weeks=1))

    first, end = (f"{_MONDAY} {'-' if at < 0 else '+'} {abs(at)}" if at else _MONDAY
                  for at in (7 * ahead, 7 * ahead + 7))  # fmt: skip
    return Period(name=name, first=first, end=end, days=days)


def _month(name: str, ahead: int) -> Period:
    first, end = (f"ADDMONTHS({_MONTH}, {at})" if at else _MONTH for at in (ahead, ahead + 1))
    return Period(name=name, first=first, end=end, days=partial(_months, ahead, 1))


def _quarter(name: str) -> Period:
    begun = "MOD(MONTH(TODAY()) - 1, 3)"
    first, end = f"ADDMONTHS({_MONTH}, -{begun})", f"ADDMONTHS({_MONTH}, 3 - {begun})"
    return Period(name=name, first=first, end=end, days=partial(_months, 0, 3))


def _year(name: str) -> Period:
    first, end = "DATE(YEAR(TODAY()), 1, 1)", "DATE(YEAR(TODAY()) + 1, 1, 1)"
    return Period(name=name, first=first, end=end, days=partial(_months, 0, 12))


def _months(ahead: int, length: int, today: date) -> Days:
    """The stretch of `length` months (1, 3 or 12) that holds today, or one so many stretches ahead."""
    place = (today.year * 12 + today.month - 1) // length + ahead
    return Days(_first_of(place * length), _first_of((place + 1) * length))


def _first_of(month: int) -> date:
    """The first day of a month counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)


_NAMED = (
    _one("today", 0),
    _one("yesterday", -1),
    _one("tomorrow", 1),
    _week("this_week", 0),
    _week("last_week", -1),
    _week("next_week", 1),
    _month("this_month", 0),
    _month("last_month", -1),
    _month("next_month", 1),
    _quarter("this_quarter"),
    _year("this_year"),
    _counted("last_seven_days", "last", 7),
    _counted("last_thirty_days", "last", 30),
    _counted("next_thirty_days", "next", 30),
)
PERIODS: Mapping[str, Period] = MappingProxyType({each.name: each for each in _NAMED})
"""The periods that lists offer, by name and in their order."""
