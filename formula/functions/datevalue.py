"""DATEVALUE: the date of an instant in the user's time zone, or of a text YYYY-MM-DD."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATE, Kind

if TYPE_CHECKING:
    from formula.program import Env


def _date_value(env: Env, value: str | date) -> date:
    if isinstance(value, str):
        return moment.parse_date(value)
    return value.astimezone(env.zone).date() if isinstance(value, datetime) else value


FUNCTION = Function(
    name="DATEVALUE",
    category="date",
    signatures=(takes(value=(Kind.TEXT, Kind.DATETIME, Kind.DATE), returns=DATE),),
    prose=Prose(
        en="The date of an instant in the user's time zone, or of a text YYYY-MM-DD.",
        zh="时间点在用户时区的日期，或文本 YYYY-MM-DD 所表示的日期。",
    ),
    examples=(
        ('DATEVALUE("2026-01-31")', "DATE(2026, 1, 31)"),
        ('DATEVALUE("31.1.")', "#Error!"),
        ("DATEVALUE(reason)", "null"),
    ),
    python=Strict(call=_date_value, env=True),
    pure=False,
    sql=on_postgresql(moments.DATE_VALUE),
)
