"""FIND: the position of a text in another, from 1."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Lenient, Prose, optional, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="FIND",
    category="text",
    signatures=(takes(part=TEXT, text=TEXT, start=optional(NUMBER), returns=NUMBER),),
    prose=Prose(
        en="The position of a text in another, from 1; 0 if it is not there.",
        zh="一个文本在另一文本中的位置，从 1 开始；找不到为 0。",
    ),
    examples=(
        ('FIND("c", "abcabc")', "3"),
        ('FIND("c", "abcabc", 4)', "6"),
        ('FIND("x", "abc")', "0"),
        ('FIND("a", reason)', "0"),
    ),
    python=Lenient(call=prose.find, safe=True, never_null=True),
    sql=on_postgresql(text.FIND),
)
