"""TODAY: the day it is in the user's time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.functions import Function, Lenient, Prose, takes
from formula.scope import Need
from formula.sql import moments
from formula.sql.form import both
from formula.types import DATE

if TYPE_CHECKING:
    from datetime import date

    from formula.program import Env


def _today(env: Env) -> date:
    return env.today


FUNCTION = Function(
    name="TODAY",
    category="date",
    signatures=(takes(returns=DATE),),
    prose=Prose(en="The day it is in the user's time zone.", zh="按用户时区的当天日期。"),
    examples=(("TODAY()", "DATE(2026, 3, 11)"),),
    python=Lenient(call=_today, env=True, safe=True, never_null=True),
    needs=Need.CLOCK,
    pure=False,
    sql=both(moments.TODAY_FORM),
)
