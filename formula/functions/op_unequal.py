"""`<>`, written `!=` too."""

from __future__ import annotations

import ast

from formula import compare
from formula.functions import Function, Inline, Prose, Units
from formula.sql import comparison
from formula.sql.form import both

FUNCTION = Function(
    name="<>",
    category="operator",
    signatures=compare.EQUATED,
    prose=Prose(en="Whether both sides differ.", zh="两边是否不相等。"),
    examples=(
        ("1 <> 2", "true"),
        ('stage <> "won"', "true"),
        ("reason <> null", "false"),
        ('stage != "proposal"', "false"),
    ),
    python=Inline(build=compare.comparison(ast.NotEq())),
    check=compare.check_unequal,
    units=Units.COMPARES,
    sql=both(comparison.form("<>")),
)
