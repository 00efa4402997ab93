"""LEN: the number of characters."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Lenient, Prose, takes
from formula.sql import text
from formula.sql.form import both
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="LEN",
    category="text",
    signatures=(takes(text=TEXT, returns=NUMBER),),
    prose=Prose(en="The number of characters; 0 for blank.", zh="字符数；空值为 0。"),
    examples=(('LEN("中文")', "2"), ("LEN(reason)", "0")),
    python=Lenient(call=prose.length, safe=True, never_null=True),
    sql=both(text.LEN),
)
