"""Filters become conditions in the formula language; what was typed is never read as language."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.fields.boolean import FIELD as BOOLEAN
from engine.fields.currency import FIELD as CURRENCY
from engine.fields.date import FIELD as DATE
from engine.fields.datetime import FIELD as DATETIME
from engine.fields.lookup import FIELD as LOOKUP
from engine.fields.percent import FIELD as PERCENT
from engine.fields.picklist import FIELD as PICKLIST
from engine.fields.tags import FIELD as TAGS
from engine.fields.text import FIELD as TEXT
from engine.problem import Refusal
from runtime.web.conditions import Asker, Unfit, condition, literal
from runtime.web.state import parse_filter

ME_ID = "01900000-0000-7000-8000-000000000001"
ASKER = Asker(user=ME_ID, today=date(2026, 11, 22), zone=ZoneInfo("Asia/Shanghai"))
SORTS = {
    "name": TEXT.bind({}), "amount": CURRENCY.bind({}), "rate": PERCENT.bind({}), "day": DATE.bind({}),
    "at": DATETIME.bind({}), "owner": LOOKUP.bind({"to": "user"}), "tags": TAGS.bind({}),
    "key": BOOLEAN.bind({}), "stage": PICKLIST.bind({"options": {"won": {}, "lost": {}}}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('name:contains:a" \\|\\| true', 'CONTAINS(name, "a\\" || true")'),
        ("name:equal:back\\\\slash", 'name = "back\\\\slash"'),
        ("name:blank:", "ISBLANK(name)"),
        ("name:not_blank:ignored", "NOT(ISBLANK(name))"),
        ("amount:at_least:50000", "amount >= (50000)"),
        ("amount:less:-1.5", "amount < (-1.5)"),
        ("rate:more:25", "rate > (0.25)"),
        ("day:at_most:2026-12-18", "day <= DATE(2026, 12, 18)"),
        ("key:equal:true", "key = true"),
        ("stage:not_equal:won", 'stage <> "won"'),
        ("stage:equal:won|lost", '((stage = "won") || (stage = "lost"))'),
        ("stage:not_equal:won|lost", '((stage <> "won") && (stage <> "lost"))'),
        ("tags:includes:vip", 'INCLUDES(tags, "vip")'),
        ("tags:includes:vip|new", '((INCLUDES(tags, "vip")) || (INCLUDES(tags, "new")))'),
        ("tags:excludes:vip|new", '((NOT(INCLUDES(tags, "vip"))) && (NOT(INCLUDES(tags, "new"))))'),
        ("owner:equal:me", f'owner = "{ME_ID}"'),
        ("day:equal:this_week", "day >= DATE(2026, 11, 16) && day < DATE(2026, 11, 23)"),
        ("day:not_equal:today", "NOT(day >= DATE(2026, 11, 22) && day < DATE(2026, 11, 23))"),
        ("day:less:this_month", "day < DATE(2026, 11, 1)"),
        ("day:at_most:this_month", "day < DATE(2026, 12, 1)"),
        ("day:more:this_quarter", "day >= DATE(2027, 1, 1)"),
        ("day:at_least:last_seven_days", "day >= DATE(2026, 11, 16)"),
        ("at:less:2026-11-22", 'at < DATETIMEVALUE("2026-11-21 16:00:00")'),
        ("at:more:2026-11-22 08:00", 'at > DATETIMEVALUE("2026-11-22 00:00:00")'),
        (
            "at:equal:yesterday",
            'at >= DATETIMEVALUE("2026-11-20 16:00:00") && at < DATETIMEVALUE("2026-11-21 16:00:00")',
        ),
    ],
)
def test_a_filter_reads_as(written: str, text: str) -> None:
    one = parse_filter(written)
    assert one is not None
    assert condition(one, SORTS[one.field], ASKER) == text


@pytest.mark.parametrize(
    "written",
    [
        "amount:at_least:much", "amount:contains:5", "stage:equal:unknown", "name:no_such_operator:x",
        "name:equal:", "stage:equal:won|unknown", "day:equal:some_day", "owner:equal:you",
    ],
)  # fmt: skip
def test_a_filter_that_does_not_fit_is_refused(written: str) -> None:
    one = parse_filter(written)
    assert one is not None
    with pytest.raises((Unfit, Refusal)):
        condition(one, SORTS[one.field], ASKER)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (False, "false"), (Decimal("1E+3"), "(1000)"), (date(2026, 1, 2), "DATE(2026, 1, 2)"),
        (time(9, 30), 'TIMEVALUE("09:30:00")'),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), 'DATETIMEVALUE("2026-01-02 03:04:05")'),
    ],
)  # fmt: skip
def test_a_literal_is_written(value: object, text: str) -> None:
    assert literal(value) == text
