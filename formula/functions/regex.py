"""REGEX: whether a pattern matches a text."""

from __future__ import annotations

from formula import pattern
from formula.functions import Function, Lenient, Prose, takes
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import BOOLEAN, TEXT

FUNCTION = Function(
    name="REGEX",
    category="text",
    signatures=(takes(text=TEXT, pattern=TEXT, returns=BOOLEAN),),
    prose=Prose(
        en="Whether a regular expression (RE2) matches the whole text; blank is the empty text.",
        zh="正则表达式（RE2）是否匹配整个文本；空值视为空文本。",
    ),
    examples=(
        ('REGEX("2026-01", "\\\\d{4}-\\\\d{2}")', "true"),
        ('REGEX("a1", "[a-z]")', "false"),
        ('REGEX("a", "(")', "#Error!"),
        ('REGEX(reason, "a*")', "true"),
    ),
    python=Lenient(call=pattern.matches, never_null=True),
    sql=on_postgresql(text.PATTERNS),
)
