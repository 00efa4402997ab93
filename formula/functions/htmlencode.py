"""HTMLENCODE: the text for use in HTML."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, takes
from formula.sql import encoding
from formula.sql.form import on_postgresql
from formula.types import TEXT

FUNCTION = Function(
    name="HTMLENCODE",
    category="text",
    signatures=(takes(text=TEXT, returns=TEXT),),
    prose=Prose(
        en="The text for use in HTML, with entities for &, <, > and quotes.",
        zh="用于 HTML 的文本：&、<、> 和引号写成实体。",
    ),
    examples=(
        ('HTMLENCODE("a < b")', '"a &lt; b"'),
        ("HTMLENCODE(reason)", "null"),
    ),
    python=Strict(call=prose.html_encoded, safe=True),
    sql=on_postgresql(encoding.HTML_ENCODED),
)
