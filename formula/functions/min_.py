"""MIN: the smallest of the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.call import joined
from formula.functions import Function, Parameter, Prose, Signature, Strict
from formula.sql import rounding
from formula.sql.form import both
from formula.types import Kind

if TYPE_CHECKING:
    from decimal import Decimal


def min_of(*numbers: Decimal) -> Decimal:
    """The smallest."""
    return min(numbers)


FUNCTION = Function(
    name="MIN",
    category="math",
    signatures=(
        Signature(parameters=(Parameter(name="number", kinds=(Kind.NUMBER,)),), result=joined, repeats=True),
    ),
    prose=Prose(en="The smallest of the numbers; null if any is.", zh="最小值；任一为 null 则为 null。"),
    examples=(
        ("MIN(2, 3, 1)", "1"),
        ("MIN(1, null)", "null"),
    ),
    python=Strict(call=min_of),
    sql=both(rounding.MIN),
)
