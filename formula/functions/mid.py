"""MID: characters from the middle of a text."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="MID",
    category="text",
    signatures=(takes(text=TEXT, start=NUMBER, count=NUMBER, returns=TEXT),),
    prose=Prose(
        en="Characters from the middle of a text; positions count from 1.",
        zh="从文本中间取字符；位置从 1 开始。",
    ),
    examples=(
        ('MID("abcdef", 2, 3)', '"bcd"'),
        ('MID("abc", 0, 2)', '"ab"'),
        ("MID(reason, 1, 2)", "null"),
    ),
    python=Strict(call=prose.middle, safe=True),
    sql=on_postgresql(text.MID),
)
