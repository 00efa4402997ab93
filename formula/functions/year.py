"""YEAR: the year of a date."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import per_database
from formula.types import DATE, NUMBER

if TYPE_CHECKING:
    from datetime import date


def _year(day: date) -> Decimal:
    return Decimal(day.year)


FUNCTION = Function(
    name="YEAR",
    category="date",
    signatures=(takes(date=DATE, returns=NUMBER),),
    prose=Prose(en="The year of a date.", zh="日期的年份。"),
    examples=(("YEAR(DATE(2026, 1, 31))", "2026"), ("YEAR(close_date)", "null")),
    python=Strict(call=_year, safe=True),
    sql=per_database(sqlite=moments.slice_of_date(1, 4), postgresql=moments.part("YEAR", 9999)),
)
