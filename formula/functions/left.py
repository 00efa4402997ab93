"""LEFT: the first characters of a text."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="LEFT",
    category="text",
    signatures=(takes(text=TEXT, count=NUMBER, returns=TEXT),),
    prose=Prose(en="The first characters of a text.", zh="文本开头的若干字符。"),
    examples=(('LEFT("abc", 2)', '"ab"'), ('LEFT("abc", 0)', "null")),
    python=Strict(call=prose.left, safe=True),
    sql=on_postgresql(text.LEFT),
)
