"""Named stretches of days, as a calendar on the wall would show them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.web.period import PERIODS

SUNDAY = date(2026, 11, 22)
DAYS = st.dates(date(1000, 1, 1), date(9000, 1, 1))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"), ("yesterday", "2026-11-21", "2026-11-21"),
        ("tomorrow", "2026-11-23", "2026-11-23"), ("this_week", "2026-11-16", "2026-11-22"),
        ("last_week", "2026-11-09", "2026-11-15"), ("next_week", "2026-11-23", "2026-11-29"),
        ("this_month", "2026-11-01", "2026-11-30"), ("last_month", "2026-10-01", "2026-10-31"),
        ("next_month", "2026-12-01", "2026-12-31"), ("this_quarter", "2026-10-01", "2026-12-31"),
        ("this_year", "2026-01-01", "2026-12-31"), ("last_seven_days", "2026-11-16", "2026-11-22"),
        ("last_thirty_days", "2026-10-24", "2026-11-22"), ("next_thirty_days", "2026-11-22", "2026-12-21"),
    ],
)  # fmt: skip
def test_a_period_runs_from_to(name: str, first: str, last: str) -> None:
    days = PERIODS[name](SUNDAY)
    assert (days.first.isoformat(), (days.end - timedelta(days=1)).isoformat()) == (first, last)


@given(DAYS, st.sampled_from(["today", "this_week", "this_month", "this_quarter", "this_year"]))
def test_a_period_of_now_holds_today(today: date, name: str) -> None:
    days = PERIODS[name](today)
    assert days.first <= today < days.end


@given(DAYS, st.sampled_from(["week", "month"]))
def test_neighbouring_periods_leave_no_gap(today: date, unit: str) -> None:
    last, this, following = (PERIODS[f"{when}_{unit}"](today) for when in ("last", "this", "next"))
    assert last.end == this.first
    assert this.end == following.first
