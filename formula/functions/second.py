"""SECOND: the second of a time, 0 to 59."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TIME

FUNCTION = Function(
    name="SECOND",
    category="date",
    signatures=(takes(time=TIME, returns=NUMBER),),
    prose=Prose(en="The second of a time of day, 0 to 59.", zh="时间的秒，0 到 59。"),
    examples=(
        ('SECOND(TIMEVALUE("17:30:45.125"))', "45"),
        ("SECOND(null)", "null"),
    ),
    python=Strict(call=moment.second, safe=True),
    sql=on_postgresql(moments.SECOND),
)
