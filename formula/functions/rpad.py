"""RPAD: the text with something behind it, up to a length."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, optional, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="RPAD",
    category="text",
    signatures=(takes(text=TEXT, length=NUMBER, fill=optional(TEXT), returns=TEXT),),
    prose=Prose(
        en="The text with blanks, or another text, behind it up to a length; a longer text is cut off.",
        zh="在文本右侧以空格或指定文本补足到给定长度；过长则截断。",
    ),
    examples=(
        ('RPAD("7", 3, ".")', '"7.."'),
        ('RPAD("abc", 2)', '"ab"'),
        ('RPAD(reason, 3, "0")', "null"),
    ),
    python=Strict(call=prose.pad_right, safe=True),
    sql=on_postgresql(text.RPAD),
)
