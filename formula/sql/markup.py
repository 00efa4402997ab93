"""HYPERLINK and IMAGE in SQL: the texts of `formula.markup`. Null where the address is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.markup import NEW_TAB, marked
from formula.sql.encoding import entities
from formula.sql.form import Form, any_fails, unless
from formula.sql.fragment import Sql, listed, sql
from formula.sql.term import Term
from formula.types import TEXT

if TYPE_CHECKING:
    from formula.expr import Call, Expr
    from formula.sql.form import Translator

_QUOTE: Sql = ("'\"'",)


def _link(translator: Translator, call: Call) -> Term:
    address, name, *target = call.arguments
    written = _encoded(translator, address)
    shown = translator.term(name).sql if marked(name) else _encoded(translator, name)
    opens: Sql = (f"'{NEW_TAB}'",)
    if target:
        opens = sql("COALESCE({0}, {1})", _encoded(translator, target[0]), opens)
    shown = sql("COALESCE({0}, {1})", shown, written)
    return _text(
        translator,
        call,
        ("'<a href=\"'",),
        written,
        ("'\" target=\"'",),
        opens,
        ("'\">'",),
        shown,
        ("'</a>'",),
    )


def _picture(translator: Translator, call: Call) -> Term:
    """PostgreSQL: sizes are numbers, which SQLite leaves to Python."""
    address, words, *sizes = call.arguments
    described = sql("COALESCE({0}, '')", _encoded(translator, words))
    written = (("'<img src=\"'",), _encoded(translator, address), ("'\" alt=\"'",), described, _QUOTE)
    pixels = zip(("height", "width"), (translator.term(size).sql for size in sizes), strict=False)
    return _text(translator, call, *written, *(_size(name, size) for name, size in pixels), ("'>'",))


def _size(name: str, pixels: Sql) -> Sql:
    """An attribute with whole pixels, or nothing where there are none."""
    return sql(
        f"(CASE WHEN {{0}} >= 1 THEN ' {name}=\"' || CAST(trunc({{0}}) AS text) || '\"' ELSE '' END)", pixels
    )


def _encoded(translator: Translator, part: Expr) -> Sql:
    return entities(translator.term(part).sql)


def _text(translator: Translator, call: Call, *parts: Sql) -> Term:
    return Term(sql=unless(any_fails(translator, call), sql("({0})", listed(" || ", parts))), type=TEXT)


LINK = Form(value=_link)
PICTURE = Form(value=_picture)
