"""NOW: the current instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.functions import Function, Lenient, Prose, takes
from formula.scope import Need
from formula.sql import moments
from formula.sql.form import both
from formula.types import DATETIME

if TYPE_CHECKING:
    from datetime import datetime

    from formula.program import Env


def _now(env: Env) -> datetime:
    return env.instant


FUNCTION = Function(
    name="NOW",
    category="date",
    signatures=(takes(returns=DATETIME),),
    prose=Prose(en="The current instant.", zh="当前时间点。"),
    examples=(("DATEVALUE(NOW())", "DATE(2026, 3, 11)"),),
    python=Lenient(call=_now, env=True, safe=True, never_null=True),
    needs=Need.CLOCK,
    pure=False,
    sql=both(moments.NOW_FORM),
)
