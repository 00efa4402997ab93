"""RIGHT: the last characters of a text."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Parameter, Prose, Signature, Strict
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import TEXT, Kind

FUNCTION = Function(
    name="RIGHT",
    category="text",
    signatures=(
        Signature(
            parameters=(
                Parameter(name="text", kinds=(Kind.TEXT,)),
                Parameter(name="count", kinds=(Kind.NUMBER,)),
            ),
            result=TEXT,
        ),
    ),
    prose=Prose(en="The last characters of a text.", zh="文本末尾的若干字符。"),
    examples=(
        ('RIGHT("abc", 2)', '"bc"'),
        ('RIGHT("abc", 9)', '"abc"'),
    ),
    python=Strict(call=prose.right),
    sql=on_postgresql(text.RIGHT),
)
