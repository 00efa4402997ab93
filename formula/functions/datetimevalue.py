"""DATETIMEVALUE: the instant of a text, or the beginning of a date, in UTC."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATETIME, Kind

FUNCTION = Function(
    name="DATETIMEVALUE",
    category="date",
    signatures=(takes(value=(Kind.TEXT, Kind.DATE, Kind.DATETIME), returns=DATETIME),),
    prose=Prose(
        en="The instant that a text like 2026-01-31 17:30:00 says in UTC, or midnight in UTC of a date.",
        zh="文本（如 2026-01-31 17:30:00，UTC）所表示的时间点，或日期在 UTC 的零点。",
    ),
    examples=(
        ('TEXT(DATETIMEVALUE("2026-01-31 17:30:00"))', '"2026-01-31 17:30:00Z"'),
        ("TEXT(DATETIMEVALUE(DATE(2026, 1, 31)))", '"2026-01-31 00:00:00Z"'),
        ('DATETIMEVALUE("2026-02-30 00:00:00")', "#Error!"),
        ("DATETIMEVALUE(close_date)", "null"),
    ),
    python=Strict(call=moment.instant_value),
    sql=on_postgresql(moments.INSTANT_VALUE),
)
