"""Stretches of days that people name instead of dates: today, this week, the last 30 days.

Each is told as formula texts relative to TODAY(), so that a condition that is kept moves on with the
calendar. `condition` writes the texts and `recognition` reads them; lists and documents use the names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNTED = re.compile(r"(last|next|in)_([1-9][0-9]{0,3})_days|([1-9][0-9]{0,3})_days_ago")
_SHIFTED = re.compile(r"TODAY\(\) ([-+]) ([1-9][0-9]{0,3})")
_MONDAY = "TODAY() - MOD(WEEKDAY(TODAY()) + 5, 7)"
_MONTH = "DATE(YEAR(TODAY()), MONTH(TODAY()), 1)"
_BEGUN = "MOD(MONTH(TODAY()) - 1, 3)"
"""How many months of the quarter are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A named stretch; `first` and `end` are formula texts of Dates, as `printer.show` writes them.

    `end` is the day behind the last one; it is "" where the stretch is one day. One of so many days has the
    number as `count` and, as `way`, whether they are the `last` or `next` ones, or one day `in` or `ago`.
    """

    name: str
    first: str
    end: str = ""
    way: str = ""
    count: int = 0


def period(name: str) -> Period | None:
    """The period of this name, or None: of `PERIODS`, or with a number of days up to 9999.

    `last_90_days` and `next_14_days` count today; `in_30_days` and `30_days_ago` are one day.
    """
    found = PERIODS.get(name)
    counted = _COUNTED.fullmatch(name) if found is None else None
    if counted is None:
        return found
    way, count = (counted[1], int(counted[2])) if counted[1] else ("ago", int(counted[3]))
    return _counted(name, way, count)


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


def _counted(name: str, way: str, count: int) -> Period:
    match way:
        case "last":
            first, end = _shifted("TODAY()", 1 - count), "TODAY() + 1"
        case "next":
            first, end = "TODAY()", f"TODAY() + {count}"
        case _:
            first, end = _shifted("TODAY()", count if way == "in" else -count), ""
    return Period(name=name, first=first, end=end, way=way, count=count)


def _week(name: str, ahead: int) -> Period:
    """The ISO 8601 week, which starts on Monday, so many weeks ahead."""
    return Period(name=name, first=_shifted(_MONDAY, 7 * ahead), end=_shifted(_MONDAY, 7 * ahead + 7))


def _month(name: str, ahead: int) -> Period:
    first, end = (f"ADDMONTHS({_MONTH}, {at})" if at else _MONTH for at in (ahead, ahead + 1))
    return Period(name=name, first=first, end=end)


def _shifted(day: str, by: int) -> str:
    return f"{day} {'-' if by < 0 else '+'} {abs(by)}" if by else day


_NAMED = (
    Period(name="today", first="TODAY()"),
    Period(name="yesterday", first="TODAY() - 1"),
    Period(name="tomorrow", first="TODAY() + 1"),
    _week("this_week", 0),
    _week("last_week", -1),
    _week("next_week", 1),
    _month("this_month", 0),
    _month("last_month", -1),
    _month("next_month", 1),
    Period(
        name="this_quarter",
        first=f"ADDMONTHS({_MONTH}, -{_BEGUN})",
        end=f"ADDMONTHS({_MONTH}, 3 - {_BEGUN})",
    ),
    Period(name="this_year", first="DATE(YEAR(TODAY()), 1, 1)", end="DATE(YEAR(TODAY()) + 1, 1, 1)"),
    _counted("last_seven_days", "last", 7),
    _counted("last_thirty_days", "last", 30),
    _counted("next_thirty_days", "next", 30),
)
PERIODS: Mapping[str, Period] = MappingProxyType({each.name: each for each in _NAMED})
"""The periods that lists offer, by name and in their order."""
