"""INITCAP: every word with a capital."""

from __future__ import annotations

from formula import casing
from formula.functions import Function, Prose, Strict, takes
from formula.sql import encoding
from formula.sql.form import on_postgresql
from formula.types import TEXT

FUNCTION = Function(
    name="INITCAP",
    category="text",
    signatures=(takes(text=TEXT, returns=TEXT),),
    prose=Prose(
        en="Every word with its first letter in upper case and the others in lower case.",
        zh="每个单词首字母大写，其余小写。",
    ),
    examples=(
        ('INITCAP("new YORK-city")', '"New York-City"'),
        ("INITCAP(reason)", "null"),
    ),
    python=Strict(call=casing.capitalised, safe=True),
    sql=on_postgresql(encoding.WORDS),
)
