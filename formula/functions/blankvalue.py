"""BLANKVALUE: the value, or the substitute where it is blank."""

from __future__ import annotations

from formula import branch, shape
from formula.call import joined
from formula.functions import Function, Inline, Parameter, Prose, Signature
from formula.sql import choice
from formula.sql.form import both
from formula.types import Kind

FUNCTION = Function(
    name="BLANKVALUE",
    category="logical",
    signatures=(
        Signature(
            parameters=(
                Parameter(
                    name="value",
                    kinds=(
                        Kind.TEXT,
                        Kind.NUMBER,
                        Kind.DATE,
                        Kind.DATETIME,
                        Kind.TIME,
                        Kind.ID,
                    ),
                ),
                Parameter(
                    name="substitute",
                    kinds=(
                        Kind.TEXT,
                        Kind.NUMBER,
                        Kind.DATE,
                        Kind.DATETIME,
                        Kind.TIME,
                        Kind.ID,
                    ),
                ),
            ),
            result=joined,
        ),
    ),
    prose=Prose(en="The value, or the substitute where it is blank.", zh="值为空时取替代值，否则取原值。"),
    examples=(
        ('BLANKVALUE(reason, "none")', '"none"'),
        ("BLANKVALUE(amount, 0)", "1200.5"),
    ),
    python=Inline(build=branch.default),
    check=shape.check_default,
    sql=both(choice.BLANKVALUE),
)
