"""IFERROR: the value, or the substitute where the value is an error."""

from __future__ import annotations

from formula import branch, shape
from formula.call import joined
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import choice
from formula.sql.form import both
from formula.types import PLAIN, Kind

FUNCTION = Function(
    name="IFERROR",
    category="logical",
    signatures=(takes(value=(*PLAIN, Kind.BOOLEAN), substitute=(*PLAIN, Kind.BOOLEAN), returns=joined),),
    prose=Prose(en="The value, or the substitute where the value is an error.", zh="值出错时取替代值。"),
    examples=(
        ("IFERROR(1 / 0, -1)", "0 - 1"),
        ('IFERROR(VALUE("12"), 0)', "12"),
        ("IFERROR(discount, 1)", "null"),
    ),
    python=Inline(build=branch.rescue),
    check=shape.check_iferror,
    units=Units.CHOOSES,
    sql=both(choice.IFERROR),
)
