"""DAYOFYEAR: the day of the year, 1 to 366."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATE, NUMBER

FUNCTION = Function(
    name="DAYOFYEAR",
    category="date",
    signatures=(takes(date=DATE, returns=NUMBER),),
    prose=Prose(en="The day of the year, 1 to 366.", zh="日期是当年的第几天，1 到 366。"),
    examples=(
        ("DAYOFYEAR(DATE(2026, 2, 1))", "32"),
        ("DAYOFYEAR(close_date)", "null"),
    ),
    python=Strict(call=moment.day_of_year, safe=True),
    sql=on_postgresql(moments.part("DOY", 366)),
)
