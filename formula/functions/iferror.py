"""IFERROR: the value, or the substitute where the value is an error."""

from __future__ import annotations

from formula import branch, shape
from formula.call import joined
from formula.functions import Function, Inline, Parameter, Prose, Signature
from formula.sql import choice
from formula.sql.form import both
from formula.types import Kind

FUNCTION = Function(
    name="IFERROR",
    category="logical",
    signatures=(
        Signature(
            parameters=(
                Parameter(
                    name="value",
                    kinds=(
                        Kind.TEXT,
                        Kind.NUMBER,
                        Kind.BOOLEAN,
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
                        Kind.BOOLEAN,
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
    prose=Prose(en="The value, or the substitute where the value is an error.", zh="值出错时取替代值。"),
    examples=(
        ("IFERROR(1 / 0, -1)", "0 - 1"),
        ('IFERROR(VALUE("12"), 0)', "12"),
    ),
    python=Inline(build=branch.rescue),
    check=shape.check_iferror,
    sql=both(choice.IFERROR),
)
