"""Numbers in SQL: exact to 38 significant digits, `/` half-up to 32 decimal places, on both databases.

SQLite computes natively, on integers scaled by a power of ten, wherever no result can leave 64 bits; else in
our registered functions on the bytes of `decimals`. PostgreSQL's numeric is exact at any length, so results
are brought back to 38 digits, wherever they can be longer, by the one built-in that counts significant
digits: to_char with an exponent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from formula.sql import decimals
from formula.sql.backend import Backend
from formula.sql.fragment import Sql, sql
from formula.sql.term import LARGEST, Term, amount, bind, null
from formula.types import NUMBER, Kind, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_DIGITS = 10**38
SIGNIFICANT = "CAST(to_char({0}, '9." + "9" * 37 + "EEEE') AS numeric)"
"""PostgreSQL: a numeric rounded half-up to 38 significant digits."""
BOUNDED = "NULLIF(NULLIF(LEAST(GREATEST({0}, -1e129), 1e129), 1e129), -1e129)"
"""PostgreSQL: a numeric, or NULL where it is too large for a Number."""


def exact(term: Term) -> Sql:
    """SQLite: a Number as the bytes of `decimals`, whatever it is now."""
    if (constant := amount(term)) is not None:
        return bind(decimals.encode(constant))
    if term.type.scale is None:
        return term.sql
    return sql(f"formula_number({{0}}, {term.type.scale})", term.sql)


def rescaled(term: Term, scale: int) -> Term | None:
    """SQLite: a scaled integer with `scale` digits behind the point, or None when it may not fit."""
    if term.type.scale is None or term.limit is None or scale < term.type.scale:
        return None
    factor = 10 ** (scale - term.type.scale)
    limit = term.limit * factor
    if limit > LARGEST:
        return None
    type_ = replace(term.type, precision=None, scale=scale)
    if (constant := amount(term)) is not None:
        value = bind(int(constant.scaleb(scale)))
    else:
        value = term.sql if factor == 1 else sql(f"({{0}} * {factor})", term.sql)
    return replace(term, sql=value, type=type_, limit=limit, column=term.column if factor == 1 else ())


def aligned(terms: Sequence[Term]) -> list[Term] | None:
    """SQLite: the Numbers as integers of one scale, or None when one may not fit."""
    scale = max((term.type.scale or 0) for term in terms)
    found = [rescaled(term, scale) for term in terms]
    return None if None in found else [term for term in found if term is not None]


def common(terms: Sequence[Term], type_: Type, backend: Backend) -> list[Term]:
    """The terms in one form, so that one column can hold any of them."""
    typed = [null(type_, backend) if term.kind is Kind.NULL else term for term in terms]
    if type_.kind is not Kind.NUMBER:
        return typed
    if backend is Backend.POSTGRESQL:
        scales = [term.type.scale for term in typed]
        scale = None if None in scales else max(scale for scale in scales if scale is not None)
        return [_widened(term, scale) for term in typed]
    return aligned(typed) or [Term(sql=exact(term), type=NUMBER) for term in typed]


def _widened(term: Term, scale: int | None) -> Term:
    """PostgreSQL: the same SQL, known with `scale` digits behind the point."""
    if scale is None or term.limit is None or term.type.scale is None:
        return replace(term, type=NUMBER, limit=None)
    limit = term.limit * 10 ** (scale - term.type.scale)
    return replace(term, type=Type(kind=Kind.NUMBER, scale=scale), limit=limit)


def add(left: Term, right: Term, backend: Backend) -> Term:
    """Left plus right."""
    return _sum("+", left, right, backend)


def subtract(left: Term, right: Term, backend: Backend) -> Term:
    """Left minus right."""
    return _sum("-", left, right, backend)


def multiply(left: Term, right: Term, backend: Backend) -> Term:
    """Left times right."""
    if left.limit is None or right.limit is None or left.type.scale is None or right.type.scale is None:
        return _inexact("*", left, right, backend)
    scale, limit = left.type.scale + right.type.scale, left.limit * right.limit
    return _bounded("*", left, right, scale, limit, backend)


def divide(left: Term, right: Term, backend: Backend) -> Term:
    """Left divided by right, half-up to 32 decimal places; NULL where right is 0."""
    if backend is Backend.SQLITE:
        return Term(sql=sql("formula_divide({0}, {1})", exact(left), exact(right)), type=NUMBER)
    # `div` truncates; one digit more than is kept decides the rounding.
    quotient = sql("round(div({0} * 1e33, NULLIF({1}, 0)) * 1e-33, 32)", left.sql, right.sql)
    return Term(sql=quotient, type=NUMBER)


def negate(term: Term, backend: Backend) -> Term:
    """The number below zero that is as far from it."""
    if backend is Backend.POSTGRESQL or term.type.scale is not None:
        return term.write("(- {0})")
    return Term(sql=sql("formula_negate({0})", term.sql), type=NUMBER)


def is_zero(term: Term, backend: Backend) -> Sql:
    """Whether a number is 0."""
    if backend is Backend.SQLITE and term.type.scale is None:
        return sql("({0} = x'80')", term.sql)
    return sql("({0} = 0)", term.sql)


def _sum(operator: str, left: Term, right: Term, backend: Backend) -> Term:
    pair = common([left, right], NUMBER, backend)
    scale, limits = pair[0].type.scale, [term.limit for term in pair]
    if scale is None or limits[0] is None or limits[1] is None:
        return _inexact(operator, left, right, backend)
    return _bounded(operator, pair[0], pair[1], scale, limits[0] + limits[1], backend)


def _bounded(operator: str, left: Term, right: Term, scale: int, limit: int, backend: Backend) -> Term:
    """Native arithmetic, if the largest possible result is exact in it."""
    if limit > (LARGEST if backend is Backend.SQLITE else MOST_DIGITS):
        return _inexact(operator, left, right, backend)
    written = sql(f"({{0}} {operator} {{1}})", left.sql, right.sql)
    return Term(sql=written, type=Type(kind=Kind.NUMBER, scale=scale), limit=limit)


def _inexact(operator: str, left: Term, right: Term, backend: Backend) -> Term:
    """Arithmetic that rounds to 38 digits where it must."""
    if backend is Backend.SQLITE:
        name = {"+": "formula_add", "-": "formula_subtract", "*": "formula_multiply"}[operator]
        return Term(sql=sql(f"{name}({{0}}, {{1}})", exact(left), exact(right)), type=NUMBER)
    written = sql(f"({{0}} {operator} {{1}})", left.sql, right.sql)
    return Term(sql=sql(BOUNDED, sql(SIGNIFICANT, written)), type=NUMBER)
