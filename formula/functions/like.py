"""LIKE: whether a text is like a pattern with placeholders."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Lenient, Prose, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import BOOLEAN, TEXT

FUNCTION = Function(
    name="LIKE",
    category="text",
    signatures=(takes(text=TEXT, pattern=TEXT, returns=BOOLEAN),),
    prose=Prose(
        en="Whether the whole text is like a pattern: % stands for any characters, _ for one; what follows a "
        "backslash stands for itself. Case matters.",
        zh="整个文本是否符合模式：% 代表任意多个字符，_ 代表一个字符，反斜杠后的字符代表其本身；区分大小写。",
    ),
    examples=(
        ('LIKE("Howdy", "H_w%")', "true"),
        ('LIKE("Howdy", "%how%")', "false"),
        ('LIKE("50%", "50\\\\%")', "true"),
        ('LIKE(reason, "%")', "true"),
        ('LIKE(reason, "_%")', "false"),
        ('LIKE("a", TEXT(1 / 0))', "#Error!"),
    ),
    python=Lenient(call=prose.like, safe=True, never_null=True),
    sql=on_postgresql(text.LIKE),
)
