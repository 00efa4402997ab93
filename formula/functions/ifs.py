"""IFS: the result beside the first condition that is true."""

from __future__ import annotations

from formula import branch, shape
from formula.call import joined
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import choice
from formula.sql.form import both
from formula.types import ANY, BOOLEAN

FUNCTION = Function(
    name="IFS",
    category="logical",
    signatures=(takes(condition=BOOLEAN, result=ANY, repeats=True, returns=joined),),
    prose=Prose(
        en="The result beside the first condition that is true; else a last value on its own, or null.",
        zh="返回第一个成立条件所对应的结果；都不成立时取末尾无条件的值，没有则为 null。",
    ),
    examples=(
        ('IFS(amount > 5000, "big", amount > 1000, "middle", "small")', '"middle"'),
        ("IFS(amount > 5000, 1)", "null"),
        ("IFS(true, 1, 1 / 0 = 1, 2)", "1"),
    ),
    python=Inline(build=branch.first_true),
    check=shape.check_ifs,
    units=Units.CHOOSES,
    sql=both(choice.IFS),
)
