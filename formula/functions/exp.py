"""EXP: e raised to a power."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="EXP",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="The number e raised to a power.", zh="自然常数 e 的幂。"),
    examples=(
        ("EXP(1)", "2.71828182845905"),
        ("EXP(0)", "1"),
        ("EXP(1000)", "#Error!"),
        ("EXP(discount)", "null"),
    ),
    python=Strict(call=transcendental.exponential),
    sql=on_postgresql(rounding.EXP),
)
