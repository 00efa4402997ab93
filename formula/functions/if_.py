"""IF: the second value when the condition is true, else the third."""

from __future__ import annotations

from formula import branch, shape
from formula.call import joined
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import choice
from formula.sql.form import both
from formula.types import ANY, BOOLEAN

FUNCTION = Function(
    name="IF",
    category="logical",
    signatures=(takes(condition=BOOLEAN, if_true=ANY, if_false=ANY, returns=joined),),
    prose=Prose(
        en="The second value when the condition is true, else the third. Only one of them is computed.",
        zh="条件为真取第二个值，否则取第三个；只计算其中一个。",
    ),
    examples=(
        ('IF(amount > 1000, "big", "small")', '"big"'),
        ("IF(null, 1, 2)", "2"),
        ("IF(true, 1, 1 / 0)", "1"),
    ),
    python=Inline(build=branch.either_branch),
    check=shape.check_if,
    units=Units.CHOOSES,
    sql=both(choice.IF),
)
