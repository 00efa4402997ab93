"""UPPER: the text in upper case, letter by letter."""

from __future__ import annotations

from formula import casing
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import TEXT

FUNCTION = Function(
    name="UPPER",
    category="text",
    signatures=(takes(text=TEXT, returns=TEXT),),
    prose=Prose(en="The text in upper case, letter by letter.", zh="逐字母转为大写。"),
    examples=(('UPPER("aß")', '"Aß"'),),
    python=Strict(call=casing.upper, safe=True),
    sql=on_postgresql(text.UPPER),
)
