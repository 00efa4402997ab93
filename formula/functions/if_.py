"""IF: the second value when the condition is true, else the third."""

from __future__ import annotations

from formula import branch, shape
from formula.call import joined
from formula.functions import Function, Inline, Parameter, Prose, Signature
from formula.sql import choice
from formula.sql.form import both
from formula.types import Kind

_SIGNATURES = (
    Signature(
        parameters=(
            Parameter(name="condition", kinds=(Kind.BOOLEAN,)),
            Parameter(name="if_true", kinds=tuple(Kind)),
            Parameter(name="if_false", kinds=tuple(Kind)),
        ),
        result=joined,
    ),
)

FUNCTION = Function(
    name="IF",
    category="logical",
    signatures=_SIGNATURES,
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
    sql=both(choice.IF),
)
