"""URLENCODE: the text for use in a URL."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, takes
from formula.sql import encoding
from formula.sql.form import on_postgresql
from formula.types import TEXT

FUNCTION = Function(
    name="URLENCODE",
    category="text",
    signatures=(takes(text=TEXT, returns=TEXT),),
    prose=Prose(
        en="The text for use as a part of a URL, with percent codes.", zh="用于网址的文本：以百分号编码。"
    ),
    examples=(
        ('URLENCODE("a b&ä")', '"a%20b%26%C3%A4"'),
        ("URLENCODE(reason)", "null"),
    ),
    python=Strict(call=prose.url_encoded, safe=True),
    sql=on_postgresql(encoding.PERCENT_CODES),
)
