"""PI: the ratio of a circle to its diameter."""

from __future__ import annotations

from formula import transcendental
from formula.functions import Function, Prose, Strict, takes
from formula.sql import rounding
from formula.sql.form import both
from formula.types import NUMBER

FUNCTION = Function(
    name="PI",
    category="math",
    signatures=(takes(returns=NUMBER),),
    prose=Prose(
        en="The ratio of a circle to its diameter, 3.14159265358979.", zh="圆周率 3.14159265358979。"
    ),
    examples=(("PI()", "3.14159265358979"),),
    python=Strict(call=transcendental.pi, safe=True),
    sql=both(rounding.PI_FORM),
)
