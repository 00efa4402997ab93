"""unary -: the number with the other sign."""

from __future__ import annotations

from formula import number
from formula.call import joined
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import operator
from formula.sql.form import both
from formula.types import NUMBER

FUNCTION = Function(
    name="unary -",
    category="operator",
    signatures=(takes(value=NUMBER, returns=joined),),
    prose=Prose(en="The number with the other sign.", zh="取相反数。"),
    examples=(
        ("-(2 + 3)", "0 - 5"),
        ("-amount", "0 - 1200.5"),
        ("-discount", "null"),
    ),
    python=Strict(call=number.negate, safe=True),
    units=Units.KEEPS,
    sql=both(operator.NEGATE),
)
