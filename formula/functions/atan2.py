"""ATAN2: the angle of a point seen from the origin."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="ATAN2",
    category="math",
    signatures=(takes(y=NUMBER, x=NUMBER, returns=NUMBER),),
    prose=Prose(
        en="The angle in radians of the point (x, y), seen from the origin.",
        zh="从原点看点 (x, y) 的角度，结果为弧度。",
    ),
    examples=(
        ("ATAN2(1, 1)", "0.785398163397448"),
        ("ATAN2(0, -1)", "PI()"),
        ("ATAN2(0, 0)", "0"),
        ("ATAN2(discount, 1)", "null"),
    ),
    python=Strict(call=transcendental.arc_tangent_of, safe=True),
    sql=on_postgresql(rounding.ANGLES),
)
