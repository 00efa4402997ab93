"""Stretches of days that people name instead of dates: today, this week, the last 30 days.

A filter keeps the name, so a saved list moves on with the calendar. Pure: the day it is comes in.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Days(NamedTuple):
    """From the day `first` up to, but without, the day `end`."""

    first: date
    end: date


def day(first: date) -> Days:
    """One day."""
    return Days(first, first + timedelta(days=1))


def _week(today: date, ahead: int) -> Days:
    """The ISO 8601 week, which starts on Monday, so many weeks ahead."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
    return Days(monday, monday + timedelta(weeks=1))


def _months(today: date, ahead: int, length: int) -> Days:
    """The stretch of `length` months (1, 3 or 12) that holds today, or one so many stretches ahead."""
    place = (today.year * 12 + today.month - 1) // length + ahead
    return Days(_first_of(place * length), _first_of((place + 1) * length))


def _first_of(month: int) -> date:
    """The first day of a month counted from the year 0."""
    return date(month // 12, month % 12 + 1, 1)


def _around(today: date, before: int, after: int) -> Days:
    return Days(today - timedelta(days=before), today + timedelta(days=after))


PERIODS: Mapping[str, Callable[[date], Days]] = {
    "today": day,
    "yesterday": lambda today: day(today - timedelta(days=1)),
    "tomorrow": lambda today: day(today + timedelta(days=1)),
    "this_week": lambda today: _week(today, 0),
    "last_week": lambda today: _week(today, -1),
    "next_week": lambda today: _week(today, 1),
    "this_month": lambda today: _months(today, 0, 1),
    "last_month": lambda today: _months(today, -1, 1),
    "next_month": lambda today: _months(today, 1, 1),
    "this_quarter": lambda today: _months(today, 0, 3),
    "this_year": lambda today: _months(today, 0, 12),
    "last_seven_days": lambda today: _around(today, 6, 1),
    "last_thirty_days": lambda today: _around(today, 29, 1),
    "next_thirty_days": lambda today: _around(today, 0, 30),
}
"""Every period by its name; those of so many days count today."""
