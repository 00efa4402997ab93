"""SQRT: the square root."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="SQRT",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="The square root; an error for a negative number.", zh="平方根；负数出错。"),
    examples=(
        ("SQRT(9)", "3"),
        ("SQRT(2)", "1.4142135623731"),
        ("SQRT(-1)", "#Error!"),
        ("SQRT(discount)", "null"),
    ),
    python=Strict(call=transcendental.square_root),
    sql=on_postgresql(rounding.SQRT),
)
