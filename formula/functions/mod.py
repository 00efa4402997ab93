"""MOD: the remainder of a division, with the sign of the number."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="MOD",
    category="math",
    signatures=(takes(number=NUMBER, divisor=NUMBER, returns=NUMBER),),
    prose=Prose(
        en="The remainder of a division, with the sign of the number.", zh="余数，符号与被除数相同。"
    ),
    examples=(
        ("MOD(7, 3)", "1"),
        ("MOD(-7, 3)", "0 - 1"),
        ("MOD(1, 0)", "#Error!"),
        ("MOD(discount, 2)", "null"),
    ),
    python=Strict(call=number.modulo),
    units=Units.KEEPS,
    sql=on_postgresql(rounding.MOD),
)
