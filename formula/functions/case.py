"""CASE: the result beside the first label that equals the value, else the last argument."""

from __future__ import annotations

from formula import branch, shape
from formula.call import joined
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import choice
from formula.sql.form import both
from formula.types import ANY, Kind

_VALUE = tuple(kind for kind in Kind if kind is not Kind.BOOLEAN)
FUNCTION = Function(
    name="CASE",
    category="logical",
    signatures=(takes(value=_VALUE, label=_VALUE, result=ANY, otherwise=ANY, repeats=True, returns=joined),),
    prose=Prose(
        en="The result beside the first label equal to the value, else the last. Null equals no label.",
        zh="返回第一个与值相等的标签所对应的结果，否则返回最后一个参数；null 标签永不匹配。",
    ),
    examples=(
        ('CASE(stage, "won", 1, "proposal", 0.5, 0)', "0.5"),
        ('CASE(2, 1, "one", 2, "two", "many")', '"two"'),
        ('CASE(reason, null, "blank", "other")', '"other"'),
    ),
    python=Inline(build=branch.pick),
    check=shape.check_case,
    units=Units.CHOOSES,
    sql=both(choice.CASE),
)
