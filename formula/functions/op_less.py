"""<: whether the left side is smaller."""

from __future__ import annotations

import ast

from formula import compare
from formula.functions import Function, Inline, Prose, Units
from formula.sql import comparison
from formula.sql.form import both

FUNCTION = Function(
    name="<",
    category="operator",
    signatures=compare.ORDERED,
    prose=Prose(
        en="Whether the left side is smaller; text by code point.", zh="左边是否小于右边；文本按码位比较。"
    ),
    examples=(("1 < 2", "true"), ('"B" < "a"', "true"), ("amount < null", "null")),
    python=Inline(build=compare.comparison(ast.Lt())),
    check=compare.check_order,
    units=Units.COMPARES,
    sql=both(comparison.form("<")),
)
