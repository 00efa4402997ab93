"""ATAN: the angle with this tangent."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="ATAN",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="The angle in radians with this tangent.", zh="反正切，结果为弧度。"),
    examples=(
        ("ATAN(1)", "0.785398163397448"),
        ("ATAN(discount)", "null"),
    ),
    python=Strict(call=transcendental.arc_tangent, safe=True),
    sql=on_postgresql(rounding.ANGLES),
)
