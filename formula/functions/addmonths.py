"""ADDMONTHS: the same day some months on."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATE, DATETIME, NUMBER

FUNCTION = Function(
    name="ADDMONTHS",
    category="date",
    signatures=(
        takes(date=DATE, months=NUMBER, returns=DATE),
        takes(date=DATETIME, months=NUMBER, returns=DATETIME),
    ),
    prose=Prose(
        en="The same day some months on; the last day of a month stays a last day.",
        zh="若干个月后的同一天；月末保持为月末。",
    ),
    examples=(
        ("ADDMONTHS(DATE(2026, 1, 31), 1)", "DATE(2026, 2, 28)"),
        ("ADDMONTHS(DATE(2026, 2, 28), 1)", "DATE(2026, 3, 31)"),
        ("ADDMONTHS(DATE(2026, 1, 15), -2)", "DATE(2025, 11, 15)"),
        ("ADDMONTHS(close_date, 1)", "null"),
        ("ADDMONTHS(DATE(9999, 12, 1), 1)", "#Error!"),
    ),
    python=Strict(call=moment.add_months),
    sql=on_postgresql(moments.ADD_MONTHS),
)
