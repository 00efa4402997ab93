"""ASCII: the code of the first character."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="ASCII",
    category="text",
    signatures=(takes(text=TEXT, returns=NUMBER),),
    prose=Prose(en="The Unicode code point of the first character.", zh="首字符的 Unicode 码位。"),
    examples=(
        ('ASCII("A")', "65"),
        ('ASCII("中")', "20013"),
        ("ASCII(reason)", "null"),
    ),
    python=Strict(call=prose.code_point, safe=True),
    sql=on_postgresql(text.CODE_POINT),
)
