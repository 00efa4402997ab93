"""ASIN: the angle with this sine."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="ASIN",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="The angle in radians with this sine.", zh="反正弦，结果为弧度。"),
    examples=(
        ("ASIN(1)", "1.5707963267949"),
        ("ASIN(2)", "#Error!"),
        ("ASIN(discount)", "null"),
    ),
    python=Strict(call=transcendental.arc_sine),
    sql=on_postgresql(rounding.ANGLES),
)
