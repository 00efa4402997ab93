"""CEILING: rounds to a whole number away from zero."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="CEILING",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="Rounds to a whole number away from zero.", zh="远离零取整。"),
    examples=(
        ("CEILING(2.1)", "3"),
        ("CEILING(-2.1)", "0 - 3"),
        ("CEILING(discount)", "null"),
    ),
    python=Strict(call=number.ceiling, safe=True),
    units=Units.KEEPS,
    sql=on_postgresql(rounding.CEILING),
)
