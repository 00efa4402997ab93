"""Filters become conditions in the formula language; what was typed is never read as language."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.fields.boolean import FIELD as BOOLEAN
from engine.fields.currency import FIELD as CURRENCY
from engine.fields.date import FIELD as DATE
from engine.fields.percent import FIELD as PERCENT
from engine.fields.picklist import FIELD as PICKLIST
from engine.fields.tags import FIELD as TAGS
from engine.fields.text import FIELD as TEXT
from runtime.web.conditions import all_of, condition, literal
from runtime.web.state import Filter

ZONE = ZoneInfo("Asia/Shanghai")
SORTS = {
    "name": TEXT.bind({}), "amount": CURRENCY.bind({}), "rate": PERCENT.bind({}), "day": DATE.bind({}),
    "tags": TAGS.bind({}), "key": BOOLEAN.bind({}),
    "stage": PICKLIST.bind({"options": {"won": {}, "lost": {}}}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "operator", "value", "text"),
    [
        ("name", "contains", 'a" || true', 'CONTAINS(name, "a\\" || true")'),
        ("name", "equal", "back\\slash", 'name = "back\\\\slash"'),
        ("name", "blank", "", "ISBLANK(name)"),
        ("name", "not_blank", "ignored", "NOT(ISBLANK(name))"),
        ("amount", "at_least", "50000", "amount >= (50000)"),
        ("amount", "less", "-1.5", "amount < (-1.5)"),
        ("rate", "more", "25", "rate > (0.25)"),
        ("day", "at_most", "2026-12-18", "day <= DATE(2026, 12, 18)"),
        ("key", "equal", "true", "key = true"),
        ("stage", "not_equal", "won", 'stage <> "won"'),
        ("tags", "includes", "vip", '(INCLUDES(tags, "vip"))'),
        ("tags", "includes", 'a", b', '(INCLUDES(tags, "a\\"") || INCLUDES(tags, "b"))'),
        ("tags", "excludes", "vip", 'NOT(INCLUDES(tags, "vip"))'),
        ("tags", "not_blank", "", "NOT(ISBLANK(tags))"),
    ],
)
def test_a_filter_reads_as(field: str, operator: str, value: str, text: str) -> None:
    assert condition(Filter(field=field, operator=operator, value=value), SORTS[field], ZONE) == text


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("amount", "at_least", "much"),
        ("amount", "contains", "5"),
        ("stage", "equal", "unknown"),
        ("name", "no_such_operator", "x"),
        ("name", "equal", ""),
        ("tags", "includes", " , "),
        ("tags", "equal", "vip"),
    ],
)
def test_a_filter_that_does_not_fit_is_left_out(field: str, operator: str, value: str) -> None:
    assert condition(Filter(field=field, operator=operator, value=value), SORTS[field], ZONE) is None


def test_a_filter_on_a_field_that_is_not_offered_is_left_out() -> None:
    assert all_of([Filter(field="secret", operator="equal", value="x")], SORTS, ZONE) == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (False, "false"), (Decimal("1E+3"), "(1000)"), (date(2026, 1, 2), "DATE(2026, 1, 2)"),
        (time(9, 30), 'TIMEVALUE("09:30:00.000")'),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 'DATETIMEVALUE("2026-01-02 03:04:05")'),
    ],
)  # fmt: skip
def test_a_literal_is_written(value: object, text: str) -> None:
    assert literal(value) == text
