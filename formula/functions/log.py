"""LOG: the logarithm to base 10."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="LOG",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(
        en="The logarithm to base 10; an error for what is not positive.", zh="以 10 为底的对数；非正数出错。"
    ),
    examples=(
        ("LOG(1000)", "3"),
        ("LOG(2)", "0.301029995663981"),
        ("LOG(-1)", "#Error!"),
        ("LOG(discount)", "null"),
    ),
    python=Strict(call=transcendental.decimal_logarithm),
    sql=on_postgresql(rounding.LOG),
)
