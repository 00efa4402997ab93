"""ISCLONE: whether the record is being created as a copy of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.functions import Function, Lenient, Prose, takes
from formula.scope import Need
from formula.sql.form import NEEDS_ORIGIN
from formula.types import BOOLEAN

if TYPE_CHECKING:
    from formula.program import Env


def _is_clone(env: Env) -> bool:
    return env.copied


FUNCTION = Function(
    name="ISCLONE",
    category="logical",
    signatures=(takes(returns=BOOLEAN),),
    prose=Prose(
        en="Whether the record is being created as a copy of another; false ever after.",
        zh="记录是否正作为另一条记录的副本新建；此后一直为 false。",
    ),
    examples=(("ISCLONE()", "false"),),
    python=Lenient(call=_is_clone, env=True, safe=True, never_null=True),
    needs=Need.ORIGIN,
    pure=False,
    sql=NEEDS_ORIGIN,
)
