"""UPPER: the text in upper case, letter by letter."""

from __future__ import annotations

from formula import casing
from formula.functions import Function, Lenient, Prose, optional, takes
from formula.sql import text
from formula.sql.form import both
from formula.types import TEXT

FUNCTION = Function(
    name="UPPER",
    category="text",
    signatures=(takes(text=TEXT, locale=optional(TEXT), returns=TEXT),),
    prose=Prose(
        en="The text in upper case, letter by letter; by the rules of a locale, such as tr for Turkish.",
        zh="逐字母转为大写；可按语言区域的规则，如 tr（土耳其语）。",
    ),
    examples=(
        ('UPPER("aß")', '"Aß"'),
        ('UPPER("izmir", "tr")', '"İZMİR"'),
        ('UPPER("izmir", reason)', '"IZMIR"'),
        ("UPPER(reason)", "null"),
    ),
    python=Lenient(call=casing.upper_in, safe=True),
    sql=both(text.UPPER),
)
