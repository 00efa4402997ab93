"""MFLOOR: rounds down to a whole number."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="MFLOOR",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="Rounds down to a whole number: toward the smaller.", zh="向下取整（趋向负无穷）。"),
    examples=(
        ("MFLOOR(2.7)", "2"),
        ("MFLOOR(-2.1)", "0 - 3"),
        ("MFLOOR(discount)", "null"),
    ),
    python=Strict(call=number.next_below, safe=True),
    units=Units.KEEPS,
    sql=on_postgresql(rounding.NEXT_BELOW),
)
