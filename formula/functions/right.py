"""RIGHT: the last characters of a text."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="RIGHT",
    category="text",
    signatures=(takes(text=TEXT, count=NUMBER, returns=TEXT),),
    prose=Prose(en="The last characters of a text.", zh="文本末尾的若干字符。"),
    examples=(
        ('RIGHT("abc", 2)', '"bc"'),
        ('RIGHT("abc", 9)', '"abc"'),
        ("RIGHT(reason, 2)", "null"),
    ),
    python=Strict(call=prose.right, safe=True),
    sql=on_postgresql(text.RIGHT),
)
