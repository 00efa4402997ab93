"""LOWER: the text in lower case."""

from __future__ import annotations

from formula import casing
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import TEXT

FUNCTION = Function(
    name="LOWER",
    category="text",
    signatures=(takes(text=TEXT, returns=TEXT),),
    prose=Prose(en="The text in lower case.", zh="转为小写。"),
    examples=(('LOWER("ÄB")', '"äb"'),),
    python=Strict(call=casing.lower, safe=True),
    sql=on_postgresql(text.LOWER),
)
