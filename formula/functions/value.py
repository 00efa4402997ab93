"""VALUE: the number that a text stands for."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="VALUE",
    category="text",
    signatures=(takes(text=TEXT, returns=NUMBER),),
    prose=Prose(en="The number that a text stands for.", zh="把文本转为数字。"),
    examples=(
        ('VALUE(" 12.50 ")', "12.5"),
        ('VALUE("-3")', "0 - 3"),
        ('VALUE("abc")', "#Error!"),
        ('VALUE("")', "null"),
    ),
    python=Strict(call=number.parsed),
    sql=on_postgresql(text.VALUE),
)
