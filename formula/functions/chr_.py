"""CHR: the character with a code."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Prose, Strict, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="CHR",
    category="text",
    signatures=(takes(code=NUMBER, returns=TEXT),),
    prose=Prose(
        en="The character with this Unicode code point; blank if there is none.",
        zh="给定 Unicode 码位的字符；没有该字符则为空。",
    ),
    examples=(
        ("CHR(65)", '"A"'),
        ("CHR(0)", "null"),
        ("CHR(discount)", "null"),
    ),
    python=Strict(call=prose.character, safe=True),
    sql=on_postgresql(text.CHARACTER),
)
