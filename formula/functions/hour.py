"""HOUR: the hour of a time, 0 to 23."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TIME

FUNCTION = Function(
    name="HOUR",
    category="date",
    signatures=(takes(time=TIME, returns=NUMBER),),
    prose=Prose(en="The hour of a time of day, 0 to 23.", zh="时间的小时，0 到 23。"),
    examples=(
        ('HOUR(TIMEVALUE("17:30:45.125"))', "17"),
        ("HOUR(null)", "null"),
    ),
    python=Strict(call=moment.hour, safe=True),
    sql=on_postgresql(moments.part("HOUR", 23)),
)
