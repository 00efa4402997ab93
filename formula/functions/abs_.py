"""ABS: the number without its sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.call import joined
from formula.functions import Function, Prose, Strict, Units, takes
from formula.sql import rounding
from formula.sql.form import both
from formula.types import NUMBER

if TYPE_CHECKING:
    from decimal import Decimal


def abs_of(x: Decimal) -> Decimal:
    """`|x|`, every digit kept."""
    return x.copy_abs()


FUNCTION = Function(
    name="ABS",
    category="math",
    signatures=(takes(number=NUMBER, returns=joined),),
    prose=Prose(en="The number without its sign.", zh="绝对值。"),
    examples=(
        ("ABS(-2.5)", "2.5"),
        ("ABS(discount)", "null"),
    ),
    python=Strict(call=abs_of, safe=True),
    units=Units.KEEPS,
    sql=both(rounding.ABS),
)
