"""+ - * / ^ & and the sign, for every pair of types they take."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from formula.sql import moments, numbers
from formula.sql.backend import Backend
from formula.sql.form import Form, any_fails, comes_to_nothing, either, unless
from formula.sql.fragment import Sql, listed, sql
from formula.sql.registered import called
from formula.sql.term import Term
from formula.types import TEXT, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Call
    from formula.sql.form import Translator

    Operation = Callable[[Term, Term, Backend], Term]

_FEW = {Backend.POSTGRESQL: 8, Backend.SQLITE: 40}
"""Texts that `||` may join."""
_MOST = 90
"""Texts that one call joins; PostgreSQL stops at a hundred."""


def chain(operation: Operation) -> Form:
    """An operator on two or more numbers, worked off from the left."""

    def value(translator: Translator, call: Call) -> Term:
        terms = [translator.term(argument) for argument in call.arguments]
        return reduce(lambda left, right: operation(left, right, translator.backend), terms)

    return Form(value=value, fails=_bounded_fails)


def _bounded_fails(translator: Translator, call: Call) -> Sql | None:
    """A result of known size cannot be too large."""
    if call.type.kind is Kind.NUMBER and call.type.precision is not None:
        return any_fails(translator, call)
    return comes_to_nothing(translator, call)


def _divide_fails(translator: Translator, call: Call) -> Sql | None:
    """Nothing can be divided by zero; null divided by zero is null."""
    number, by = (translator.term(argument) for argument in call.arguments)
    divided = numbers.is_zero(by, translator.backend)
    own = sql("({0} IS NOT NULL AND {1} IS NOT NULL AND {2})", number.sql, by.sql, divided)
    return either(any_fails(translator, call), own)


def _add(translator: Translator, call: Call) -> Term:
    if call.type.kind is Kind.NUMBER:
        return _ADDED.value(translator, call)
    first, second = (translator.term(argument) for argument in call.arguments)
    start, count = (second, first) if first.kind is Kind.NUMBER else (first, second)
    return moments.moved(start, count, translator.backend)


def _subtract(translator: Translator, call: Call) -> Term:
    left, right = (translator.term(argument) for argument in call.arguments)
    if left.kind is Kind.NUMBER:
        return numbers.subtract(left, right, translator.backend)
    if right.kind is Kind.NUMBER:
        return moments.moved(left, numbers.negate(right, translator.backend), translator.backend)
    return moments.between(left, right, translator.backend)


def _join(translator: Translator, call: Call) -> Term:
    texts = [translator.term(argument).sql for argument in call.arguments]
    if len(texts) > _FEW[translator.backend]:
        whole = _concatenated(texts, translator.backend)
    else:
        whole = listed(" || ", (sql("COALESCE({0}, '')", text) for text in texts))
    return Term(sql=unless(any_fails(translator, call), sql("NULLIF({0}, '')", whole)), type=TEXT)


def _concatenated(texts: list[Sql], backend: Backend) -> Sql:
    """Many texts joined at once; one `||` after another writes, or keeps, all that went before anew."""
    while len(texts) > 1:
        groups = [texts[start : start + _MOST] for start in range(0, len(texts), _MOST)]
        if backend is Backend.POSTGRESQL:
            texts = [sql("concat({0})", listed(", ", group)) for group in groups]
        else:
            texts = [called("&", [Term(sql=text, type=TEXT) for text in group], TEXT).sql for group in groups]
    return texts[0]


def _negate(translator: Translator, call: Call) -> Term:
    return numbers.negate(translator.term(call.arguments[0]), translator.backend)


_ADDED = chain(numbers.add)
ADD = Form(value=_add, fails=_bounded_fails)
SUBTRACT = Form(value=_subtract, fails=_bounded_fails)
MULTIPLY = chain(numbers.multiply)
DIVIDE = Form(value=chain(numbers.divide).value, fails=_divide_fails)
NEGATE = Form(value=_negate)
JOIN = Form(value=_join)
