"""Named stretches of days, as a calendar on the wall would show them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formula.language import language
from formula.period import PERIODS, edge, known, period
from formula.printer import show
from formula.program import Env, compile_expr
from formula.sample import SCOPE
from formula.scope import Context
from formula.source import Source

LANGUAGE = language()
SUNDAY = date(2026, 11, 22)
DAYS = st.dates(date(1000, 1, 1), date(9000, 1, 1))


def days(name: str, today: date) -> tuple[date, date]:
    """The first day of a period and the day behind its last, by its formula texts."""
    found = period(name)
    assert found is not None
    env = Env(now=datetime(today.year, today.month, today.day, 12, tzinfo=UTC))
    first, end = (_day(text, env) for text in (found.first, found.end or found.first))
    return first, end if found.end else end + timedelta(days=1)


def _day(text: str, env: Env) -> date:
    formula = LANGUAGE.check(Source(path="f", text=text), SCOPE, Context.FILTER)
    assert show(formula.expr) == text
    found = compile_expr(formula.expr)({}, env)
    assert isinstance(found, date)
    return found


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
        ("last_90_days", "2026-08-25", "2026-11-22"), ("next_1_days", "2026-11-22", "2026-11-22"),
        ("last_1_days", "2026-11-22", "2026-11-22"), ("in_30_days", "2026-12-22", "2026-12-22"),
        ("365_days_ago", "2025-11-22", "2025-11-22"),
    ],
)  # fmt: skip
def test_a_period_runs_from_to(name: str, first: str, last: str) -> None:
    begun, end = days(name, SUNDAY)
    assert (begun.isoformat(), (end - timedelta(days=1)).isoformat()) == (first, last)


@given(DAYS, st.sampled_from(["today", "this_week", "this_month", "this_quarter", "this_year"]))
@settings(deadline=None)
def test_a_period_of_now_holds_today_and_begins_a_stretch(today: date, name: str) -> None:
    first, end = days(name, today)
    assert first <= today < end
    assert first.weekday() == 0 or name != "this_week"
    assert first.day == 1 or name in ("today", "this_week")
    assert first.month in {"this_quarter": (1, 4, 7, 10), "this_year": (1,)}.get(name, range(1, 13))


@given(DAYS, st.sampled_from(["week", "month"]))
@settings(deadline=None)
def test_neighbouring_periods_leave_no_gap(today: date, unit: str) -> None:
    last, this, following = (days(f"{when}_{unit}", today) for when in ("last", "this", "next"))
    assert last[1] == this[0]
    assert this[1] == following[0]


@given(st.sampled_from(["last_{}_days", "next_{}_days", "in_{}_days", "{}_days_ago"]), st.integers(1, 9999))
def test_a_period_is_known_by_its_texts(form: str, count: int) -> None:
    found = period(form.format(count))
    assert found is not None
    again = known(found.first, found.end)
    assert again is not None
    assert (again.first, again.end) == (found.first, found.end)


@pytest.mark.parametrize("name", ["", "last_0_days", "last_10000_days", "this", "in_5", "days_ago", "TODAY"])
def test_other_words_are_no_periods(name: str) -> None:
    assert period(name) is None


def test_one_end_of_a_named_period_is_enough_to_know_it() -> None:
    for each in PERIODS.values():
        if each.end:
            begun, behind = edge(each.first)
            assert begun is not None
            assert (begun.first, behind) == (each.first, False)
    assert edge("TODAY() + 500")[0] is None
