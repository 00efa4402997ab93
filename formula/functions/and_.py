"""AND, written `&&` too."""

from __future__ import annotations

import ast

from formula import branch
from formula.functions import Function, Inline, Prose, takes
from formula.sql import logic
from formula.sql.form import both
from formula.types import BOOLEAN

FUNCTION = Function(
    name="AND",
    category="logical",
    signatures=(takes(condition=BOOLEAN, repeats=True, returns=BOOLEAN),),
    prose=Prose(
        en="True when all conditions are true; null counts as false. Stops at the first that is not.",
        zh="所有条件为真时为真；null 视为假；遇到不成立的条件即停止。",
    ),
    examples=(
        ("AND(true, amount > 1000)", "true"),
        ("AND(true, null)", "false"),
        ("false && 1 / 0 = 1", "false"),
    ),
    python=Inline(build=branch.gate(ast.And())),
    chains=True,
    sql=both(logic.AND),
)
