"""ACOS: the angle with this cosine."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="ACOS",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="The angle in radians with this cosine.", zh="反余弦，结果为弧度。"),
    examples=(
        ("ACOS(1)", "0"),
        ("ACOS(-2)", "#Error!"),
        ("ACOS(discount)", "null"),
    ),
    python=Strict(call=transcendental.arc_cosine),
    sql=on_postgresql(rounding.ANGLES),
)
