"""CONTAINS: whether a text contains another."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Lenient, Prose, takes
from formula.sql import text
from formula.sql.form import both
from formula.types import BOOLEAN, TEXT

FUNCTION = Function(
    name="CONTAINS",
    category="text",
    signatures=(takes(text=TEXT, part=TEXT, returns=BOOLEAN),),
    prose=Prose(en="Whether a text contains another; case matters.", zh="文本是否包含另一文本；区分大小写。"),
    examples=(
        ('CONTAINS("abc", "bc")', "true"),
        ('CONTAINS("abc", "B")', "false"),
        ('CONTAINS(reason, "a")', "false"),
    ),
    python=Lenient(call=prose.contains, safe=True, never_null=True),
    sql=both(text.CONTAINS),
)
