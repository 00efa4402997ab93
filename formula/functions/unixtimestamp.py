"""UNIXTIMESTAMP: the seconds since the beginning of 1970."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import NUMBER, Kind

FUNCTION = Function(
    name="UNIXTIMESTAMP",
    category="date",
    signatures=(takes(value=(Kind.DATETIME, Kind.DATE, Kind.TIME), returns=NUMBER),),
    prose=Prose(
        en="The whole seconds since the beginning of 1970 in UTC; of a time of day, those since midnight.",
        zh="自 1970 年初（UTC）起的整秒数；时间则为自午夜起的整秒数。",
    ),
    examples=(
        ("UNIXTIMESTAMP(DATE(1970, 1, 2))", "86400"),
        ("UNIXTIMESTAMP(close_date)", "null"),
    ),
    python=Strict(call=moment.unix_time, safe=True),
    sql=on_postgresql(moments.UNIX_TIME),
)
