""">: whether the left side is greater."""

from __future__ import annotations

import ast

from formula import compare
from formula.functions import Function, Inline, Prose, Units
from formula.sql import comparison
from formula.sql.form import both

FUNCTION = Function(
    name=">",
    category="operator",
    signatures=compare.ORDERED,
    prose=Prose(en="Whether the left side is greater.", zh="左边是否大于右边。"),
    examples=(("amount > 1000", "true"), ('"" > null', "false")),
    python=Inline(build=compare.comparison(ast.Gt())),
    check=compare.check_order,
    units=Units.COMPARES,
    sql=both(comparison.form(">")),
)
