"""LOWER: the text in lower case."""

from __future__ import annotations

from formula import casing
from formula.functions import Function, Lenient, Prose, optional, takes
from formula.sql import text
from formula.sql.form import both
from formula.types import TEXT

FUNCTION = Function(
    name="LOWER",
    category="text",
    signatures=(takes(text=TEXT, locale=optional(TEXT), returns=TEXT),),
    prose=Prose(
        en="The text in lower case, letter by letter; by the rules of a locale, such as tr for Turkish.",
        zh="逐字母转为小写；可按语言区域的规则，如 tr（土耳其语）。",
    ),
    examples=(
        ('LOWER("ÄB")', '"äb"'),
        ('LOWER("ISI", "tr_TR")', '"ısı"'),
        ('LOWER("ISI", reason)', '"isi"'),
        ("LOWER(reason)", "null"),
    ),
    python=Lenient(call=casing.lower_in, safe=True),
    sql=both(text.LOWER),
)
