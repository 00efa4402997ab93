"""LN: the logarithm to base e."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="LN",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(
        en="The logarithm to base e; an error for what is not positive.", zh="自然对数；非正数出错。"
    ),
    examples=(
        ("LN(10)", "2.30258509299405"),
        ("LN(1)", "0"),
        ("LN(0)", "#Error!"),
        ("LN(discount)", "null"),
    ),
    python=Strict(call=transcendental.natural_logarithm),
    sql=on_postgresql(rounding.LN),
)
