"""^: raises a number to a power."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, takes
from formula.sql import power
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="^",
    category="operator",
    signatures=(takes(base=NUMBER, exponent=NUMBER, returns=NUMBER),),
    prose=Prose(en="Raises a number to a power.", zh="乘方。"),
    examples=(
        ("2 ^ 10", "1024"),
        ("2 ^ 3 ^ 2", "512"),
        ("2 * 3 ^ 2", "18"),
        ("4 ^ 0.5", "2"),
        ("0 ^ -1", "#Error!"),
        ("discount ^ 2", "null"),
    ),
    python=Strict(call=number.power),
    sql=on_postgresql(power.POWER),
)
