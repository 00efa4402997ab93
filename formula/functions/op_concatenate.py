"""&: joins texts."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Lenient, Prose, takes
from formula.sql import operator
from formula.sql.form import both
from formula.types import TEXT

FUNCTION = Function(
    name="&",
    category="operator",
    signatures=(takes(left=TEXT, right=TEXT, repeats=True, returns=TEXT),),
    prose=Prose(en="Joins texts; blank counts as nothing.", zh="连接文本；空值视为空文本。"),
    examples=(('"a" & "b" & name', '"abAcme 中国"'), ('"a" & null', '"a"')),
    python=Lenient(call=prose.concatenate, safe=True),
    chains=True,
    sql=both(operator.JOIN),
)
