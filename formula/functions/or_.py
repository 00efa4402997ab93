"""OR, written `||` too."""

from __future__ import annotations

import ast

from formula import branch
from formula.functions import Function, Inline, Prose, takes
from formula.sql import logic
from formula.sql.form import both
from formula.types import BOOLEAN

FUNCTION = Function(
    name="OR",
    category="logical",
    signatures=(takes(condition=BOOLEAN, repeats=True, returns=BOOLEAN),),
    prose=Prose(
        en="True when any condition is true; null counts as false. Stops at the first that is.",
        zh="任一条件为真时为真；null 视为假；遇到成立的条件即停止。",
    ),
    examples=(
        ("OR(false, amount > 1000)", "true"),
        ("OR(false, null)", "false"),
        ("true || 1 / 0 = 1", "true"),
    ),
    python=Inline(build=branch.gate(ast.Or())),
    chains=True,
    sql=both(logic.OR),
)
