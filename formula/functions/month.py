"""MONTH: the month of a date, 1 to 12."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import per_database
from formula.types import DATE, NUMBER

if TYPE_CHECKING:
    from datetime import date


def _month(day: date) -> Decimal:
    return Decimal(day.month)


FUNCTION = Function(
    name="MONTH",
    category="date",
    signatures=(takes(date=DATE, returns=NUMBER),),
    prose=Prose(en="The month of a date, 1 to 12.", zh="日期的月份，1 到 12。"),
    examples=(("MONTH(DATE(2026, 1, 31))", "1"), ("MONTH(close_date)", "null")),
    python=Strict(call=_month, safe=True),
    sql=per_database(sqlite=moments.slice_of_date(6, 2), postgresql=moments.part("MONTH", 12)),
)
