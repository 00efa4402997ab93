"""Filters become conditions in the formula language; what was typed is never read as language."""

from __future__ import annotations

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
from runtime.web.conditions import Unfit, condition
from runtime.web.state import parse_filter

ZONE = ZoneInfo("Asia/Shanghai")
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
        ("name:lacks:x", 'NOT(CONTAINS(name, "x"))'),
        ("name:blank:", "ISBLANK(name)"),
        ("name:not_blank:ignored", "NOT(ISBLANK(name))"),
        ("amount:at_least:50000", "amount >= 50000"),
        ("amount:less:-1.5", "amount < -1.5"),
        ("amount:not_equal:5", "OR(ISBLANK(amount), amount <> 5)"),
        ("amount:between:5|6", "AND(amount >= 5, amount <= 6)"),
        ("rate:more:25", "rate > 0.25"),
        ("day:at_most:2026-12-18", "day <= DATE(2026, 12, 18)"),
        ("key:equal:true", "key"),
        ("stage:not_equal:won", 'stage <> "won"'),
        ("stage:equal:won|lost", 'OR(stage = "won", stage = "lost")'),
        ("stage:not_equal:won|lost", 'AND(stage <> "won", stage <> "lost")'),
        ("tags:includes:vip", 'INCLUDES(tags, "vip")'),
        ("tags:excludes:vip|new", 'AND(NOT(INCLUDES(tags, "vip")), NOT(INCLUDES(tags, "new")))'),
        ("owner:equal:me", "owner = $user.id"),
        ("day:equal:last_90_days", "AND(day >= TODAY() - 89, day < TODAY() + 1)"),
        ("day:not_equal:today", "OR(ISBLANK(day), day <> TODAY())"),
        ("day:less:this_month", "day < DATE(YEAR(TODAY()), MONTH(TODAY()), 1)"),
        ("at:less:2026-11-22", "DATEVALUE(at) < DATE(2026, 11, 22)"),
        ("at:more:2026-11-22 08:00", 'at > DATETIMEVALUE("2026-11-22 00:00:00")'),
        ("at:equal:yesterday", "DATEVALUE(at) = TODAY() - 1"),
    ],
)
def test_a_filter_reads_as(written: str, text: str) -> None:
    one = parse_filter(written)
    assert one is not None
    assert condition(one, SORTS[one.field], ZONE) == text


@pytest.mark.parametrize(
    "written",
    [
        "amount:at_least:much", "amount:contains:5", "stage:equal:unknown", "name:no_such_operator:x",
        "name:equal:", "stage:equal:won|unknown", "day:equal:some_day", "owner:equal:you", "amount:between:5",
    ],
)  # fmt: skip
def test_a_filter_that_does_not_fit_is_refused(written: str) -> None:
    one = parse_filter(written)
    assert one is not None
    with pytest.raises((Unfit, Refusal)):
        condition(one, SORTS[one.field], ZONE)
