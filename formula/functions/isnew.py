"""ISNEW: whether the record is being created."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.functions import Function, Lenient, Prose, takes
from formula.scope import Need
from formula.sql.form import NEEDS_BEFORE
from formula.types import BOOLEAN

if TYPE_CHECKING:
    from formula.program import Env


def _is_new(env: Env) -> bool:
    return env.before is None


FUNCTION = Function(
    name="ISNEW",
    category="logical",
    signatures=(takes(returns=BOOLEAN),),
    prose=Prose(en="Whether the record is being created.", zh="记录是否正在新建。"),
    examples=(("ISNEW()", "false"),),
    python=Lenient(call=_is_new, env=True, safe=True, never_null=True),
    needs=Need.BEFORE,
    pure=False,
    sql=NEEDS_BEFORE,
)
