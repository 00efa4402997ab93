"""MIN: the smallest of the numbers."""

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


def min_of(*numbers: Decimal) -> Decimal:
    """The smallest."""
    return min(numbers)


FUNCTION = Function(
    name="MIN",
    category="math",
    signatures=(takes(number=NUMBER, repeats=True, returns=joined),),
    prose=Prose(
        en="The smallest of the numbers; null if any is. In conditions that the "
        "database answers also of a number or time over related records, as SUM takes them.",
        zh="最小值；任一为 null 则为 null。在由数据库回答的条件中，也可像 SUM 一样对相关记录取最小值。",
    ),
    examples=(("MIN(2, 3, 1)", "1"), ("MIN(1, null)", "null")),
    python=Strict(call=min_of, safe=True),
    units=Units.MIXES,
    check=either(Application.fitted),
    related=Related.PERHAPS,
    sql=both(extreme("MIN", rounding.MIN)),
)
