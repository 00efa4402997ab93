"""TIMENOW: the current time of day in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.functions import Function, Lenient, Prose, takes
from formula.scope import Need
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import TIME

if TYPE_CHECKING:
    from datetime import time

    from formula.program import Env


def _time_now(env: Env) -> time:
    return env.instant.time()


FUNCTION = Function(
    name="TIMENOW",
    category="date",
    signatures=(takes(returns=TIME),),
    prose=Prose(en="The current time of day in UTC.", zh="当前的 UTC 时刻。"),
    examples=(("TEXT(TIMENOW())", '"18:30:00.000"'),),
    python=Lenient(call=_time_now, env=True, safe=True, never_null=True),
    needs=Need.CLOCK,
    pure=False,
    sql=on_postgresql(moments.TIME_NOW),
)
