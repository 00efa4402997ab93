"""SIN: the sine of an angle."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="SIN",
    category="math",
    signatures=(takes(angle=NUMBER, returns=NUMBER),),
    prose=Prose(en="The sine of an angle in radians.", zh="弧度角的正弦。"),
    examples=(
        ("SIN(0)", "0"),
        ("ROUND(SIN(PI() / 6), 12)", "0.5"),
        ("SIN(discount)", "null"),
    ),
    python=Strict(call=transcendental.sine, safe=True),
    sql=on_postgresql(rounding.ANGLES),
)
