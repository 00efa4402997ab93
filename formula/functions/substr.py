"""SUBSTR: the text from a position on, counted from either end."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, optional, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="SUBSTR",
    category="text",
    signatures=(takes(text=TEXT, start=NUMBER, length=optional(NUMBER), returns=TEXT),),
    prose=Prose(
        en="The text from a position on, or some characters from there; positions count from 1, negative "
        "ones from the end. Blank where the text has no such position.",
        zh="从某位置起的文本，或其中若干字符；位置从 1 开始，负数从末尾数起。没有该位置则为空。",
    ),
    examples=(
        ('SUBSTR("abcdef", 3)', '"cdef"'),
        ('SUBSTR("abcdef", 0, 2)', '"ab"'),
        ('SUBSTR("abcdef", -3, 2)', '"de"'),
        ('SUBSTR("abc", -4)', "null"),
    ),
    python=Strict(call=prose.part, safe=True),
    sql=on_postgresql(text.SUBSTR),
)
