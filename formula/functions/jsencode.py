"""JSENCODE: a text inside a string of JavaScript."""

from __future__ import annotations

from functools import reduce

from formula.functions import Function, Prose, Strict, takes
from formula.prose import MOST_TEXT
from formula.sql import text
from formula.sql.form import on_postgresql
from formula.types import TEXT

_ESCAPES = {
    "\\": r"\\",
    "'": r"\'",
    '"': r"\"",
    "/": r"\/",
    "\n": r"\n",
    "\r": r"\r",
    "<": r"\u003C",
    ">": r"\u003E",
    "\u2028": r"\u2028",
    "\u2029": r"\u2029",
}
"""The backslash first: on PostgreSQL one is replaced after the other. No text ends a string or a script."""
_TABLE = str.maketrans(_ESCAPES)


def _replaced(written: str, escape: tuple[str, str]) -> str:
    quoted = escape[1].replace("'", "''")
    return f"replace({written}, chr({ord(escape[0])}), '{quoted}')"


def encoded(value: str) -> str:
    """The text with a backslash before what JavaScript or HTML takes for an end, cut off at MOST_TEXT."""
    return value.translate(_TABLE)[:MOST_TEXT]


FUNCTION = Function(
    name="JSENCODE",
    category="text",
    signatures=(takes(text=TEXT, returns=TEXT),),
    prose=Prose(
        en="The text as a string of JavaScript may hold it: quotes, backslashes, slashes, `<`, `>` and new "
        "lines escaped.",
        zh="可放入 JavaScript 字符串的文本：引号、反斜杠、斜杠、`<`、`>` 和换行均转义。",
    ),
    examples=(
        ('JSENCODE("it\'s")', '"it\\\\\'s"'),
        ('JSENCODE("</script>")', '"\\\\u003C\\\\/script\\\\u003E"'),
        ('JSENCODE("a\\nb")', '"a\\\\nb"'),
        ("JSENCODE(reason)", "null"),
    ),
    python=Strict(call=encoded, safe=True),
    sql=on_postgresql(text.template(f"left({reduce(_replaced, _ESCAPES.items(), '{0}')}, {MOST_TEXT})")),
)
