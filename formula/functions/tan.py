"""TAN: the tangent of an angle."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="TAN",
    category="math",
    signatures=(takes(angle=NUMBER, returns=NUMBER),),
    prose=Prose(en="The tangent of an angle in radians.", zh="弧度角的正切。"),
    examples=(
        ("TAN(0)", "0"),
        ("ROUND(TAN(PI() / 4), 12)", "1"),
        ("TAN(discount)", "null"),
    ),
    python=Strict(call=transcendental.tangent, safe=True),
    sql=on_postgresql(rounding.ANGLES),
)
