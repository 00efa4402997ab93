"""MAX: the greatest of the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.call import joined
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import rounding
from formula.sql.form import both
from formula.types import NUMBER

if TYPE_CHECKING:
    from decimal import Decimal


def max_of(*numbers: Decimal) -> Decimal:
    """The greatest."""
    return max(numbers)


FUNCTION = Function(
    name="MAX",
    category="math",
    signatures=(takes(number=NUMBER, repeats=True, returns=joined),),
    prose=Prose(en="The greatest of the numbers; null if any is.", zh="最大值；任一为 null 则为 null。"),
    examples=(("MAX(1, 3, 2)", "3"), ("MAX(1, null)", "null")),
    python=Strict(call=max_of, safe=True),
    units=Units.MIXES,
    sql=both(rounding.MAX),
)
