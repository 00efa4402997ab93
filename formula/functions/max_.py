"""MAX: the greatest of the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.call import Application, joined
from formula.functions import Function, Prose, Related, Strict, Units, takes
from formula.related import either
from formula.sql import rounding
from formula.sql.form import both
from formula.sql.related import extreme
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
    prose=Prose(
        en="The greatest of the numbers; null if any is. In conditions that the "
        "database answers also of a number or time over related records, as SUM takes them.",
        zh="最大值；任一为 null 则为 null。在由数据库回答的条件中，也可像 SUM 一样对相关记录取最大值。",
    ),
    examples=(("MAX(1, 3, 2)", "3"), ("MAX(1, null)", "null")),
    python=Strict(call=max_of, safe=True),
    units=Units.MIXES,
    check=either(Application.fitted),
    related=Related.PERHAPS,
    sql=both(extreme("MAX", rounding.MAX)),
)
