"""`=`, written `==` too."""

from __future__ import annotations

import ast

from formula import compare
from formula.functions import Function, Inline, Prose, Units
from formula.sql import comparison
from formula.sql.form import both

FUNCTION = Function(
    name="=",
    category="operator",
    signatures=compare.EQUATED,
    prose=Prose(
        en="Whether both sides are equal. Blank text equals null; other comparisons with null are null.",
        zh="两边是否相等。空文本等于 null；其他类型与 null 比较得 null。",
    ),
    examples=(
        ("1 = 1.00", "true"),
        ('reason = ""', "true"),
        ('stage = "proposal"', "true"),
        ("close_date = null", "null"),
        ('"a" = "A"', "false"),
    ),
    python=Inline(build=compare.comparison(ast.Eq())),
    check=compare.check_equal,
    units=Units.COMPARES,
    sql=both(comparison.form("=")),
)
