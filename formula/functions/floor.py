"""FLOOR: rounds to a whole number toward zero."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="FLOOR",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="Rounds to a whole number toward zero.", zh="向零取整。"),
    examples=(
        ("FLOOR(2.7)", "2"),
        ("FLOOR(-2.7)", "0 - 2"),
        ("FLOOR(discount)", "null"),
    ),
    python=Strict(call=number.floor, safe=True),
    units=Units.KEEPS,
    sql=on_postgresql(rounding.FLOOR),
)
