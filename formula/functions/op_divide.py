"""/: divides numbers, to 32 decimal places."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import operator
from formula.sql.form import both
from formula.types import NUMBER

FUNCTION = Function(
    name="/",
    category="operator",
    signatures=(takes(left=NUMBER, right=NUMBER, returns=NUMBER),),
    prose=Prose(en="Divides numbers, to 32 decimal places.", zh="数字相除，保留 32 位小数。"),
    examples=(
        ("1 / 4", "0.25"),
        ("1 / 3 * 3 = 1", "false"),
        ("1 / 0", "#Error!"),
        ("amount / discount", "null"),
    ),
    python=Strict(call=number.divide),
    units=Units.DIVIDES,
    sql=both(operator.DIVIDE),
)
