"""FROMUNIXTIME: the instant some seconds after the beginning of 1970."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATETIME, NUMBER

FUNCTION = Function(
    name="FROMUNIXTIME",
    category="date",
    signatures=(takes(seconds=NUMBER, returns=DATETIME),),
    prose=Prose(
        en="The instant some seconds after the beginning of 1970 in UTC.",
        zh="自 1970 年初（UTC）起若干秒后的时间点。",
    ),
    examples=(
        ("TEXT(FROMUNIXTIME(86400))", '"1970-01-02 00:00:00Z"'),
        ("FROMUNIXTIME(10 ^ 20)", "#Error!"),
        ("FROMUNIXTIME(discount)", "null"),
    ),
    python=Strict(call=moment.from_unix_time),
    sql=on_postgresql(moments.FROM_UNIX_TIME),
)
