"""LPAD: the text with something before it, up to a length."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, optional, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="LPAD",
    category="text",
    signatures=(takes(text=TEXT, length=NUMBER, fill=optional(TEXT), returns=TEXT),),
    prose=Prose(
        en="The text with blanks, or another text, before it up to a length; a longer text is cut off.",
        zh="在文本左侧以空格或指定文本补足到给定长度；过长则截断。",
    ),
    examples=(
        ('LPAD("7", 3, "0")', '"007"'),
        ('LPAD("abc", 2)', '"ab"'),
        ('LPAD("a", 4, "xy")', '"xyxa"'),
        ('LPAD(reason, 3, "0")', "null"),
    ),
    python=Strict(call=prose.pad_left, safe=True),
    sql=on_postgresql(text.LPAD),
)
