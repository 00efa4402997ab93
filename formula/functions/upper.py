"""UPPER: the text in upper case, letter by letter."""

from __future__ import annotations

from formula import casing
from formula.functions import Function, Parameter, Prose, Signature, Strict
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import TEXT, Kind

FUNCTION = Function(
    name="UPPER",
    category="text",
    signatures=(Signature(parameters=(Parameter(name="text", kinds=(Kind.TEXT,)),), result=TEXT),),
    prose=Prose(en="The text in upper case, letter by letter.", zh="逐字母转为大写。"),
    examples=(('UPPER("aß")', '"Aß"'),),
    python=Strict(call=casing.upper),
    sql=on_postgresql(text.UPPER),
)
