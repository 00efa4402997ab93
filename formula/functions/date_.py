"""DATE: the date of a year, month and day."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATE, NUMBER

FUNCTION = Function(
    name="DATE",
    category="date",
    signatures=(takes(year=NUMBER, month=NUMBER, day=NUMBER, returns=DATE),),
    prose=Prose(en="The date of a year, month and day.", zh="由年、月、日组成的日期。"),
    examples=(
        ("DATE(2026, 1, 31) + 1", "DATE(2026, 2, 1)"),
        ("DATE(2026, 2, 30)", "#Error!"),
        ("DATE(2026, discount, 1)", "null"),
    ),
    python=Strict(call=moment.make_date),
    sql=on_postgresql(moments.MADE_DATE),
)
