"""DAY: the day of the month, 1 to 31."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import per_database
from formula.types import DATE, NUMBER

if TYPE_CHECKING:
    from datetime import date


def _day(day: date) -> Decimal:
    return Decimal(day.day)


FUNCTION = Function(
    name="DAY",
    category="date",
    signatures=(takes(date=DATE, returns=NUMBER),),
    prose=Prose(en="The day of the month, 1 to 31.", zh="日期是当月的第几天。"),
    examples=(("DAY(DATE(2026, 1, 31))", "31"), ("DAY(close_date)", "null")),
    python=Strict(call=_day, safe=True),
    sql=per_database(sqlite=moments.slice_of_date(9, 2), postgresql=moments.part("DAY", 31)),
)
