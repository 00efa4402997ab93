"""REVERSE: the characters from the last to the first."""

from __future__ import annotations

from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import TEXT

FUNCTION = Function(
    name="REVERSE",
    category="text",
    signatures=(takes(text=TEXT, returns=TEXT),),
    prose=Prose(en="The characters from the last to the first.", zh="字符顺序颠倒。"),
    examples=(('REVERSE("abç")', '"çba"'), ("REVERSE(reason)", "null")),
    python=Strict(call=lambda value: value[::-1], safe=True),
    sql=on_postgresql(text.template("reverse({0})")),
)
