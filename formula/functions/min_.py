"""MIN: the smallest of the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.call import joined
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import rounding
from formula.sql.form import both
from formula.types import NUMBER

if TYPE_CHECKING:
    from decimal import Decimal


def min_of(*numbers: Decimal) -> Decimal:
    """The smallest."""
    return min(numbers)


FUNCTION = Function(
    name="MIN",
    category="math",
    signatures=(takes(number=NUMBER, repeats=True, returns=joined),),
    prose=Prose(en="The smallest of the numbers; null if any is.", zh="最小值；任一为 null 则为 null。"),
    examples=(("MIN(2, 3, 1)", "1"), ("MIN(1, null)", "null")),
    python=Strict(call=min_of, safe=True),
    units=Units.MIXES,
    sql=both(rounding.MIN),
)
