"""= <> < <= > >= in SQL, written so that an index on a bare column serves.

Text, with blank as the empty text, compares by code point and is never null; everything else gives null
where a side is null. A condition on one column and one constant comes out as `column = :parameter`.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import TYPE_CHECKING

from formula.sql.backend import Backend
from formula.sql.form import Form, any_fails, unless
from formula.sql.fragment import sql
from formula.sql.numbers import aligned, exact
from formula.sql.ranges import ranged
from formula.sql.term import Term, amount, number
from formula.types import BOOLEAN, Kind

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator
    from formula.sql.fragment import Sql

WIDE = Context(prec=80)
TEXTUAL = frozenset({Kind.TEXT, Kind.PICKLIST, Kind.MULTIPICKLIST})
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def form(operator: str) -> Form:
    """The form of a comparison operator."""

    def value(translator: Translator, call: Call) -> Term:
        left, right = (translator.term(argument) for argument in call.arguments)
        compared = compare(operator, left, right, translator.backend)
        if is_textual(left, right):
            compared = unless(any_fails(translator, call), compared)
        return Term(sql=compared, type=BOOLEAN)

    def holds(translator: Translator, call: Call, wanted: bool) -> Sql:
        left, right = (translator.term(argument) for argument in call.arguments)
        wished = operator if wanted else OPPOSITE[operator]
        if not is_textual(left, right):
            compared = compare(wished, left, right, translator.backend)
            return ranged(translator, wished, call, compared) or compared
        failure = any_fails(translator, call)
        found = _text_holds(wished, left, right, translator.backend)
        return found if failure is None else sql("(NOT {0} AND {1})", failure, found)

    def lacks(translator: Translator, call: Call) -> Sql:
        left, right = (translator.term(argument) for argument in call.arguments)
        if is_textual(left, right):
            return _text_holds(OPPOSITE[operator], left, right, translator.backend)
        return sql("(({0}) IS NOT TRUE)", compare(operator, left, right, translator.backend))

    return Form(value=value, holds=holds, lacks=lacks)


def is_textual(left: Term, right: Term) -> bool:
    """Whether two sides compare as text does."""
    return left.kind in TEXTUAL or right.kind in TEXTUAL


def blank(term: Term, *, wanted: bool = True) -> Sql:
    """Whether a value is blank, or not; for a column of texts an empty one is, too."""
    if term.column and term.kind in TEXTUAL:
        return sql("({0} IS NULL OR {0} = '')" if wanted else "{0} <> ''", term.column)
    return sql("({0} IS NULL)" if wanted else "({0} IS NOT NULL)", term.column or term.sql)


def compare(operator: str, left: Term, right: Term, backend: Backend, *, nulls_equal: bool = True) -> Sql:
    """A comparison of two terms as a value: for text never NULL, else NULL where a side is.

    Without `nulls_equal` a text compared with blank gives NULL, too.
    """
    if not is_textual(left, right):
        if left.kind is Kind.NUMBER and right.kind is Kind.NUMBER:
            return _compare_numbers(operator, left, right, backend)
        return sql(f"({{0}} {operator} {{1}})", left.sql, right.sql)
    if not nulls_equal:
        return sql(f"({{0}} {operator} {{1}})", left.column or left.sql, right.sql)
    if operator in {"=", "<>"}:
        same = "IS" if backend is Backend.SQLITE else "IS NOT DISTINCT FROM"
        other = "IS NOT" if backend is Backend.SQLITE else "IS DISTINCT FROM"
        return sql(f"({{0}} {same if operator == '=' else other} {{1}})", left.sql, right.sql)
    sides = (sql("COALESCE({0}, '')", side.sql) for side in (left, right))
    return sql(f"({{0}} {_spelled(operator, backend)} {{1}})", *sides)


def _text_holds(operator: str, left: Term, right: Term, backend: Backend) -> Sql:
    if right.column and left.constant is not None:
        return _text_holds(MIRRORED[operator], right, left, backend)
    if right.constant is None or not (left.column or right.constant.value is None):
        return compare(operator, left, right, backend)
    if right.constant.value is None:
        return _text_against_blank(operator, left)
    plain = sql(f"{{0}} {_spelled(operator, backend)} {{1}}", left.column, right.sql)
    # Blank sorts before every constant that is not blank.
    return sql("({0} OR {1} IS NULL)", plain, left.column) if operator in {"<", "<=", "<>"} else plain


def _text_against_blank(operator: str, term: Term) -> Sql:
    match operator:
        case "=" | "<=":
            return blank(term)
        case "<>" | ">":
            return blank(term, wanted=False)
        case "<":
            return ("(1 = 0)",)
        case _:
            return ("(1 = 1)",)


def _spelled(operator: str, backend: Backend) -> str:
    """The operator on text; order is by code point whatever the database's own collation is."""
    ordered = operator not in {"=", "<>"} and backend is Backend.POSTGRESQL
    return f'COLLATE "C" {operator}' if ordered else operator


def _compare_numbers(operator: str, left: Term, right: Term, backend: Backend) -> Sql:
    if backend is Backend.POSTGRESQL:
        return sql(f"({{0}} {operator} {{1}})", left.sql, right.sql)
    if right.column and amount(left) is not None:
        return _compare_numbers(MIRRORED[operator], right, left, backend)
    if left.column and amount(right) is not None:
        right = _fitted(operator, right, left.type.scale or 0)
    pair = aligned([left, right])
    sides = [term.sql for term in pair] if pair else [exact(left), exact(right)]
    return sql(f"({{0}} {operator} {{1}})", *sides)


def _fitted(operator: str, constant: Term, scale: int) -> Term:
    """A bound with no more decimals than the column has, which the same column values lie within."""
    value = amount(constant)
    assert value is not None
    rounding = {"<": ROUND_CEILING, ">=": ROUND_CEILING, ">": ROUND_FLOOR, "<=": ROUND_FLOOR}.get(operator)
    if rounding is None or (constant.type.scale or 0) <= scale:
        return constant
    return number(value.quantize(Decimal(1).scaleb(-scale), rounding, WIDE), Backend.SQLITE)
