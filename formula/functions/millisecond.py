"""MILLISECOND: the millisecond of a time, 0 to 999."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TIME

FUNCTION = Function(
    name="MILLISECOND",
    category="date",
    signatures=(takes(time=TIME, returns=NUMBER),),
    prose=Prose(en="The millisecond of a time of day, 0 to 999.", zh="时间的毫秒，0 到 999。"),
    examples=(
        ('MILLISECOND(TIMEVALUE("17:30:45.125"))', "125"),
        ("MILLISECOND(null)", "null"),
    ),
    python=Strict(call=moment.millisecond, safe=True),
    sql=on_postgresql(moments.MILLISECOND),
)
