"""TRIM: the text without blanks at its ends."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import TEXT

FUNCTION = Function(
    name="TRIM",
    category="text",
    signatures=(takes(text=TEXT, returns=TEXT),),
    prose=Prose(en="The text without blanks at its ends.", zh="去掉文本两端的空白。"),
    examples=(('TRIM("  a b ")', '"a b"'), ('TRIM(" ")', "null")),
    python=Strict(call=prose.trim, safe=True),
    sql=on_postgresql(text.TRIM),
)
