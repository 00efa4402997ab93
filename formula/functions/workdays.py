"""WORKDAYS: the days of work between two days."""

from __future__ import annotations

from formula import workday
from formula.functions import Function, Lenient, Prose, optional, takes
from formula.scope import Need
from formula.sql import workdays
from formula.sql.form import on_postgresql
from formula.types import DATE, NUMBER, TEXT

FUNCTION = Function(
    name="WORKDAYS",
    category="date",
    signatures=(takes(start=DATE, end=DATE, calendar=optional(TEXT), returns=NUMBER),),
    prose=Prose(
        en="How many days of work there are from one day to another, both counted; negative where the end "
        "comes first. By the company's business calendar, or the one named: `$calendar.shanghai`.",
        zh="两个日期之间的工作日天数，首尾均计入；结束日期在前时为负数。按公司的工作日历（含节假日与调休），"
        "也可指定日历：`$calendar.shanghai`。",
    ),
    examples=(
        ("WORKDAYS(DATE(2026, 1, 1), DATE(2026, 1, 9))", "7"),
        ("WORKDAYS(DATE(2026, 1, 9), DATE(2026, 1, 1))", "-7"),
        ("WORKDAYS(DATE(2026, 1, 4), DATE(2026, 1, 4))", "1"),
        ("WORKDAYS(DATE(2026, 1, 10), DATE(2026, 1, 11))", "0"),
        ("WORKDAYS(signed_on, close_date)", "null"),
        ("WORKDAYS(signed_on, signed_on, $calendar.nowhere)", "#Error!"),
    ),
    python=Lenient(call=workday.between),
    needs=Need.CALENDAR,
    pure=False,
    check=workday.check,
    sql=on_postgresql(workdays.BETWEEN),
)
