"""&: joins texts."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Lenient, Parameter, Prose, Signature
from formula.sql import operator
from formula.sql.form import both
from formula.types import TEXT, Kind

FUNCTION = Function(
    name="&",
    category="operator",
    signatures=(
        Signature(
            parameters=(
                Parameter(name="left", kinds=(Kind.TEXT,)),
                Parameter(name="right", kinds=(Kind.TEXT,)),
            ),
            result=TEXT,
            repeats=True,
        ),
    ),
    prose=Prose(en="Joins texts; blank counts as nothing.", zh="连接文本；空值视为空文本。"),
    examples=(
        ('"a" & "b" & name', '"abAcme 中国"'),
        ('"a" & null', '"a"'),
    ),
    python=Lenient(call=prose.concatenate),
    chains=True,
    sql=both(operator.JOIN),
)
