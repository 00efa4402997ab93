"""Claims about days of work: counted like one counts by hand, whatever differs from the week."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

from formula.fault import FormulaError
from formula.issue import Rejected
from formula.printer import show
from formula.program import compile_python
from formula.sample import ENV, ROW, SCOPE
from formula.scope import Context, Names
from formula.source import Source
from formula.workday import MONDAY_TO_FRIDAY, between, onwards

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Formula
    from formula.language import Language

START = date(2026, 1, 1)
WEEKS = ("1111100", "1111110", "0111110", "1111111", "1010101", "0000001", "0000000")
CHINA = (
    "1111100|{2026-01-01,2026-01-02,2026-02-16,2026-02-17,2026-02-18,2026-02-19,2026-02-20,2026-02-23}"
    "|{2026-01-04,2026-02-14,2026-02-28}"
)
"""New Year and the Spring Festival of 2026 with their make-up days, as the State Council announced them."""


def _calendar(random: Random) -> tuple[str, set[date]]:
    """A calendar, and the days of work of four years in it."""
    week = random.choice(WEEKS)
    days = [START + timedelta(days=n) for n in range(-731, 731)]
    differing = sorted(random.sample(days[300:-300], random.choice((0, 1, 9, 60))))
    closed = [day for day in differing if week[day.weekday()] == "1"]
    opened = [day for day in differing if week[day.weekday()] == "0"]
    text = f"{week}|{{{','.join(map(str, closed))}}}|{{{','.join(map(str, opened))}}}"
    return text, {day for day in days if (week[day.weekday()] == "1") is not (day in differing)}


@pytest.mark.parametrize("seed", range(40))
def test_days_of_work_are_those_that_one_counts(seed: int) -> None:
    random = Random(seed)
    calendar, works = _calendar(random)
    for _ in range(25):
        start, end = (START + timedelta(days=random.randrange(-500, 500)) for _ in range(2))
        counted = sum(min(start, end) <= day <= max(start, end) for day in works)
        assert between(start, end, calendar) == (counted if start <= end else -counted)
        count = random.randrange(-150, 150)
        after = sorted(day for day in works if day > start)
        before = sorted((day for day in works if day < start), reverse=True)
        row = [start, *(after if count > 0 else before)]
        if abs(count) < len(row):
            assert onwards(start, Decimal(count), calendar) == row[abs(count)]


def test_make_up_days_are_days_of_work() -> None:
    assert between(date(2026, 2, 9), date(2026, 2, 28), CHINA) == 5 + 1 + 0 + 4 + 1
    assert onwards(date(2026, 2, 13), Decimal(1), CHINA) == date(2026, 2, 14)
    assert onwards(date(2026, 2, 14), Decimal(1), CHINA) == date(2026, 2, 24)
    assert onwards(date(2026, 1, 5), Decimal(-1), CHINA) == date(2026, 1, 4)


@pytest.mark.parametrize(
    ("start", "days", "calendar"),
    [
        (date(9999, 12, 31), 1, MONDAY_TO_FRIDAY),
        (date(1, 1, 1), -1, MONDAY_TO_FRIDAY),
        (START, 10**30, MONDAY_TO_FRIDAY),
        (START, 1, "0000000|{}|{}"),
        (START, 1, None),
    ],
)
def test_a_day_that_there_is_not_is_an_error(start: date, days: int, calendar: str | None) -> None:
    with pytest.raises(FormulaError):
        onwards(start, Decimal(days), calendar)


def test_the_whole_of_time_has_days_of_work() -> None:
    assert between(date.min, date.max, "1111111|{}|{}") == date.max.toordinal()
    assert onwards(date.max, Decimal(-5), MONDAY_TO_FRIDAY) == date(9999, 12, 24)
    assert onwards(date.min, Decimal(5), MONDAY_TO_FRIDAY) == date(1, 1, 8)


def test_another_calendar_is_named_and_nothing_else_is_one(check: Callable[..., Formula]) -> None:
    text = "WORKDAYS(signed_on, close_date, $calendar.default)"
    assert show(check(text).expr) == show(check("WORKDAYS(signed_on, close_date)").expr) == text
    for other in ("name", '"default"', "$user.id"):
        with pytest.raises(Rejected, match="takes a business calendar"):
            check(f"WORKDAYS(signed_on, close_date, {other})")
    with pytest.raises(Rejected, match="business calendar"):
        check("ADDWORKDAYS(signed_on, 1)", context=Context.STORED_FIELD)


def test_where_no_calendar_is_kept_monday_to_friday_are_days_of_work(lang: Language) -> None:
    poor = Names(types={name: type_ for name, type_ in SCOPE.types.items() if not name.startswith("$")})
    formula = lang.check(
        Source(path="f", text="WORKDAYS(DATE(2026, 1, 1), DATE(2026, 1, 9))"), poor, Context.RULE
    )
    assert compile_python(formula)(ROW, ENV) == 7
