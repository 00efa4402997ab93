"""COS: the cosine of an angle."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="COS",
    category="math",
    signatures=(takes(angle=NUMBER, returns=NUMBER),),
    prose=Prose(en="The cosine of an angle in radians.", zh="弧度角的余弦。"),
    examples=(
        ("COS(0)", "1"),
        ("ROUND(COS(PI() / 3), 12)", "0.5"),
        ("COS(discount)", "null"),
    ),
    python=Strict(call=transcendental.cosine, safe=True),
    sql=on_postgresql(rounding.ANGLES),
)
