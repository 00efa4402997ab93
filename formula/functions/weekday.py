"""WEEKDAY: the day of the week."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATE, NUMBER

if TYPE_CHECKING:
    from datetime import date


def _weekday(day: date) -> Decimal:
    return Decimal(day.isoweekday() % 7 + 1)


FUNCTION = Function(
    name="WEEKDAY",
    category="date",
    signatures=(takes(date=DATE, returns=NUMBER),),
    prose=Prose(en="The day of the week: Sunday is 1, Saturday 7.", zh="星期几：星期日为 1，星期六为 7。"),
    examples=(
        ("WEEKDAY(DATE(2026, 3, 1))", "1"),
        ("WEEKDAY(DATE(2026, 2, 28))", "7"),
        ("WEEKDAY(close_date)", "null"),
    ),
    python=Strict(call=_weekday, safe=True),
    sql=on_postgresql(moments.WEEKDAY),
)
