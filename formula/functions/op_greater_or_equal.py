""">=: whether the left side is greater or equal."""

from __future__ import annotations

import ast

from formula import compare
from formula.functions import Function, Inline, Prose, Units
from formula.sql import comparison
from formula.sql.form import both

FUNCTION = Function(
    name=">=",
    category="operator",
    signatures=compare.ORDERED,
    prose=Prose(en="Whether the left side is greater or equal.", zh="左边是否大于或等于右边。"),
    examples=(
        ("2 >= 3", "false"),
        ("2 >= 2.0", "true"),
        ("discount >= 1", "null"),
    ),
    python=Inline(build=compare.comparison(ast.GtE())),
    check=compare.check_order,
    units=Units.COMPARES,
    sql=both(comparison.form(">=")),
)
