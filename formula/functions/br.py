"""BR: a new line in a text that is shown as HTML."""

from __future__ import annotations

from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import TEXT

FUNCTION = Function(
    name="BR",
    category="text",
    signatures=(takes(returns=TEXT),),
    prose=Prose(
        en="A new line where the text is shown on a page; elsewhere `<br>`.",
        zh="页面上显示为换行；其他地方为 `<br>`。",
    ),
    examples=(
        ('"Street 1" & BR() & "Berlin"', '"Street 1<br>Berlin"'),
        ("reason & BR()", '"<br>"'),
        ('SUBSTITUTE("a<br>b", BR(), " ")', '"a b"'),
    ),
    python=Strict(call=lambda: "<br>", safe=True),
    pure=False,  # Stays a call, so that its markup is seen.
    markup=True,
    sql=on_postgresql(text.template("'<br>'")),
)
