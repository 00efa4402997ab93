"""Texts written for another reader in SQL: entities of HTML, percent codes, words with capitals.

Letters and words are those of the tables in `casing`, not those of a database's locale.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from formula import casing
from formula.sql.form import Form
from formula.sql.fragment import Sql, sql
from formula.sql.term import Term, bind
from formula.types import TEXT

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator

_ESCAPED = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("''", "&#x27;"))
_ENTITIES = reduce(lambda text, pair: f"replace({text}, '{pair[0]}', '{pair[1]}')", _ESCAPED, "{0}")

_CODED = "upper(regexp_replace(encode(convert_to(c, 'UTF8'), 'hex'), '(..)', '%\\1', 'g'))"
# Behind a text without characters there is one empty piece: NULLIF.
_PERCENT_CODES = (
    f"(SELECT string_agg(CASE WHEN c ~ '[A-Za-z0-9_.~-]' THEN c ELSE {_CODED} END, '' ORDER BY o)"  # noqa: S608
    " FROM regexp_split_to_table(NULLIF({0}, ''), '') WITH ORDINALITY AS found(c, o))"
)
_CAPITALISED = (
    "(SELECT string_agg("
    "COALESCE(m[3], translate(m[1], {2}, {3}) || translate(m[2], {4}, {5})), '' ORDER BY o)"
    " FROM regexp_matches({0}, {1}, 'g') WITH ORDINALITY AS found(m, o))"
)
_WORD = f"([{casing.WORDS}])([{casing.WORDS}]*)|([^{casing.WORDS}]+)"
"""A word as its first letter and the others, or what stands between words."""


def entities(text: Sql) -> Sql:
    """On either database: the text with `&`, `<`, `>` and quotes as entities."""
    return sql(_ENTITIES, text)


def _html_encoded(translator: Translator, call: Call) -> Term:
    return Term(sql=entities(translator.term(call.arguments[0]).sql), type=TEXT)


def _url_encoded(translator: Translator, call: Call) -> Term:
    return Term(sql=sql(_PERCENT_CODES, translator.term(call.arguments[0]).sql), type=TEXT)


def _capitalised(translator: Translator, call: Call) -> Term:
    tables = (_WORD, casing.RAISED, casing.UPPER, casing.LOWERED, casing.LOWER)
    bound = (bind(table, "CAST({0} AS text)") for table in tables)
    return Term(sql=sql(_CAPITALISED, translator.term(call.arguments[0]).sql, *bound), type=TEXT)


HTML_ENCODED = Form(value=_html_encoded)
PERCENT_CODES = Form(value=_url_encoded)
WORDS = Form(value=_capitalised)
