"""ISNUMBER: whether a text stands for a number."""

from __future__ import annotations

from formula import prose
from formula.functions import Function, Lenient, Prose, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import BOOLEAN, TEXT

FUNCTION = Function(
    name="ISNUMBER",
    category="logical",
    signatures=(takes(text=TEXT, returns=BOOLEAN),),
    prose=Prose(
        en="Whether VALUE has a number for the text; false for blank.", zh="文本是否表示数字；空值为假。"
    ),
    examples=(('ISNUMBER(" 12.50 ")', "true"), ('ISNUMBER("1,5")', "false"), ("ISNUMBER(reason)", "false")),
    python=Lenient(call=prose.is_number, safe=True, never_null=True),
    sql=on_postgresql(text.IS_NUMBER),
)
