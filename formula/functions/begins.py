"""BEGINS: whether a text begins with another."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Lenient, Prose, takes
from formula.sql import text
from formula.sql.form import both
from formula.types import BOOLEAN, TEXT

FUNCTION = Function(
    name="BEGINS",
    category="text",
    signatures=(takes(text=TEXT, part=TEXT, returns=BOOLEAN),),
    prose=Prose(
        en="Whether a text begins with another; case matters.", zh="文本是否以另一文本开头；区分大小写。"
    ),
    examples=(
        ('BEGINS("abc", "ab")', "true"),
        ('BEGINS("abc", "b")', "false"),
        ('BEGINS(reason, "a")', "false"),
        ('BEGINS(reason, "")', "true"),
    ),
    python=Lenient(call=prose.begins, safe=True, never_null=True),
    sql=both(text.BEGINS),
)
