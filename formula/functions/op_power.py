"""^: raises a number to a power."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Parameter, Prose, Signature, Strict
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER, Kind

FUNCTION = Function(
    name="^",
    category="operator",
    signatures=(
        Signature(
            parameters=(
                Parameter(name="base", kinds=(Kind.NUMBER,)),
                Parameter(name="exponent", kinds=(Kind.NUMBER,)),
            ),
            result=NUMBER,
        ),
    ),
    prose=Prose(en="Raises a number to a power.", zh="乘方。"),
    examples=(
        ("2 ^ 10", "1024"),
        ("2 ^ 3 ^ 2", "512"),
        ("2 * 3 ^ 2", "18"),
        ("4 ^ 0.5", "2"),
        ("0 ^ -1", "#Error!"),
    ),
    python=Strict(call=number.power),
    sql=on_postgresql(rounding.POWER),
)
