"""ADDWORKDAYS: the day of work some days of work on."""

from __future__ import annotations

from formula import workday
from formula.functions import Function, Lenient, Prose, optional, takes
from formula.scope import Need
from formula.sql import workdays
from formula.sql.form import on_postgresql
from formula.types import DATE, NUMBER, TEXT

FUNCTION = Function(
    name="ADDWORKDAYS",
    category="date",
    signatures=(takes(date=DATE, days=NUMBER, calendar=optional(TEXT), returns=DATE),),
    prose=Prose(
        en="The day of work that is so many days of work after a day, or before it where the number is "
        "negative; 0 gives the day itself. By the company's business calendar, or the one named.",
        zh="某日之后第若干个工作日；数值为负时向前推算，为 0 时即该日本身。按公司的工作日历"
        "（含节假日与调休），也可指定日历。",
    ),
    examples=(
        ("ADDWORKDAYS(DATE(2025, 12, 31), 1)", "DATE(2026, 1, 2)"),
        ("ADDWORKDAYS(DATE(2026, 1, 2), 1)", "DATE(2026, 1, 4)"),
        ("ADDWORKDAYS(DATE(2026, 1, 5), -2)", "DATE(2026, 1, 2)"),
        ("ADDWORKDAYS(DATE(2026, 1, 10), 0)", "DATE(2026, 1, 10)"),
        ("ADDWORKDAYS(DATE(2026, 1, 10), 2.9)", "DATE(2026, 1, 13)"),
        ("ADDWORKDAYS(close_date, 1)", "null"),
        ("ADDWORKDAYS(DATE(9999, 12, 31), 1)", "#Error!"),
    ),
    python=Lenient(call=workday.onwards),
    needs=Need.CALENDAR,
    pure=False,
    check=workday.check,
    sql=on_postgresql(workdays.ONWARDS),
)
