"""BLANKVALUE: the value, or the substitute where it is blank."""

from __future__ import annotations

from formula import branch, shape
from formula.call import joined
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import choice
from formula.sql.form import both
from formula.types import PLAIN

FUNCTION = Function(
    name="BLANKVALUE",
    category="logical",
    signatures=(takes(value=PLAIN, substitute=PLAIN, returns=joined),),
    prose=Prose(en="The value, or the substitute where it is blank.", zh="值为空时取替代值，否则取原值。"),
    examples=(('BLANKVALUE(reason, "none")', '"none"'), ("BLANKVALUE(amount, 0)", "1200.5")),
    python=Inline(build=branch.default),
    check=shape.check_default,
    units=Units.CHOOSES,
    sql=both(choice.BLANKVALUE),
)
