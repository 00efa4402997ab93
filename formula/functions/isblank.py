"""ISBLANK: whether a value is blank."""

from __future__ import annotations

from formula import branch
from formula.functions import Function, Inline, Parameter, Prose, Signature
from formula.sql import choice
from formula.sql.form import both
from formula.types import BOOLEAN, Kind

FUNCTION = Function(
    name="ISBLANK",
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
                        Kind.PICKLIST,
                        Kind.MULTIPICKLIST,
                        Kind.ID,
                    ),
                ),
            ),
            result=BOOLEAN,
        ),
    ),
    prose=Prose(en="Whether a value is blank: null or the empty text.", zh="值是否为空：null 或空文本。"),
    examples=(
        ("ISBLANK(reason)", "true"),
        ('ISBLANK("")', "true"),
        ("ISBLANK(amount)", "false"),
    ),
    python=Inline(build=branch.is_blank),
    sql=both(choice.ISBLANK),
)
