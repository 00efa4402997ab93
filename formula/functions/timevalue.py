"""TIMEVALUE: the time of day of an instant, or of a text."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import TIME, Kind

FUNCTION = Function(
    name="TIMEVALUE",
    category="date",
    signatures=(takes(value=(Kind.TEXT, Kind.DATETIME), returns=TIME),),
    prose=Prose(
        en="The time of day in UTC of an instant, or that of a text like 17:30:45.125.",
        zh="时间点在 UTC 的时刻，或文本（如 17:30:45.125）所表示的时刻。",
    ),
    examples=(
        ('TEXT(TIMEVALUE("17:30:45.125"))', '"17:30:45.125"'),
        ("TEXT(TIMEVALUE(NOW()))", '"18:30:00.000"'),
        ('TIMEVALUE("25:00:00")', "#Error!"),
        ("TIMEVALUE(reason)", "null"),
    ),
    python=Strict(call=moment.time_value),
    sql=on_postgresql(moments.TIME_VALUE),
)
