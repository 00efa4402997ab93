"""MCEILING: rounds up to a whole number."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="MCEILING",
    category="math",
    signatures=(takes(number=NUMBER, returns=NUMBER),),
    prose=Prose(en="Rounds up to a whole number: toward the greater.", zh="向上取整（趋向正无穷）。"),
    examples=(
        ("MCEILING(2.1)", "3"),
        ("MCEILING(-2.1)", "0 - 2"),
        ("MCEILING(discount)", "null"),
    ),
    python=Strict(call=number.next_above, safe=True),
    units=Units.KEEPS,
    sql=on_postgresql(rounding.NEXT_ABOVE),
)
