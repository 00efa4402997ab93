"""Functions of numbers in SQL: rounding, remainders, extremes, roots. SQLite calls Python for the others."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from formula.functions import Gap
from formula.sql.backend import Backend
from formula.sql.form import Form, comes_to_nothing
from formula.sql.fragment import Sql, listed, sql
from formula.sql.numbers import common
from formula.sql.registered import called
from formula.sql.term import Term, amount, number
from formula.transcendental import GREATEST_EXPONENT, PI
from formula.types import NUMBER

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator

_PLACES = 128
_PLACES_OF_ARGUMENT = 160
_FIFTEEN = "CAST(to_char({0}, '9." + "9" * 14 + "EEEE') AS numeric)"


def template(written: str) -> Form:
    """PostgreSQL: a function of one or two numbers."""

    def value(translator: Translator, call: Call) -> Term:
        terms = [translator.term(argument).sql for argument in call.arguments]
        return Term(sql=sql(written, *terms), type=NUMBER)

    return Form(value=value, fails=comes_to_nothing)


def _rounded(translator: Translator, call: Call) -> Term:
    if translator.backend is Backend.POSTGRESQL:
        return _places("round", translator, call)
    digits = (
        translator.term(call.arguments[1]) if len(call.arguments) > 1 else number(Decimal(0), Backend.SQLITE)
    )
    return called("rounded", [translator.term(call.arguments[0]), digits], NUMBER)


def _truncated(translator: Translator, call: Call) -> Term:
    return _places("trunc", translator, call)


def _places(function: str, translator: Translator, call: Call) -> Term:
    value, *rest = (translator.term(argument) for argument in call.arguments)
    return places(function, value, *rest)


def places(function: str, value: Term, digits: Term | None = None) -> Term:
    """PostgreSQL: `round` or `trunc` to a number of places, 0 if none is given."""
    known = Decimal(0) if digits is None else amount(digits)
    if known is not None:
        kept = max(-_PLACES, min(_PLACES, int(known)))
        return Term(sql=sql(f"{function}({{0}}, {kept})", value.sql), type=NUMBER)
    assert digits is not None
    bounded = f"CAST(trunc(LEAST(GREATEST({{1}}, {-_PLACES}), {_PLACES}) + {{1}} * 0) AS integer)"
    return Term(sql=sql(f"{function}({{0}}, {bounded})", value.sql, digits.sql), type=NUMBER)


def transcendental(cases: str) -> Form:
    """PostgreSQL: `WHEN … THEN …` over a number `a`, to 15 significant digits.

    `a` comes with so many places behind its point that the functions, which count them, give digits enough.
    """
    given = f"(SELECT {{0}} + 0.{'0' * _PLACES_OF_ARGUMENT} AS a OFFSET 0) AS given"
    chosen = _FIFTEEN.replace("{0}", f"CASE {cases} END")
    return template(f"(SELECT {chosen} FROM {given})")  # noqa: S608 - nothing but constants


def extreme(on_sqlite: str, on_postgresql: str) -> Form:
    """MAX and MIN: null if any is. PostgreSQL's own functions pass nulls over."""

    def value(translator: Translator, call: Call) -> Term:
        terms = common([translator.term(argument) for argument in call.arguments], NUMBER, translator.backend)
        limits = [term.limit for term in terms if term.limit is not None]
        limit = max(limits) if len(limits) == len(terms) else None
        row = [term.sql for term in terms]
        return Term(sql=_extreme(row, translator.backend), type=terms[0].type, limit=limit)

    def _extreme(row: list[Sql], backend: Backend) -> Sql:
        if len(row) == 1:
            return row[0]
        if backend is Backend.SQLITE:
            return sql(f"{on_sqlite}({{0}})", listed(", ", row))
        names = ", ".join(f"a{index}" for index in range(len(row)))
        given = listed(", ", [sql(f"{{0}} AS a{index}", one) for index, one in enumerate(row)])
        blank = " OR ".join(f"a{index} IS NULL" for index in range(len(row)))
        chosen = f"CASE WHEN {blank} THEN NULL ELSE {on_postgresql}({names}) END"
        # Names of our own making.
        return sql(f"(SELECT {chosen} FROM (SELECT {{0}} OFFSET 0) AS given)", given)  # noqa: S608

    return Form(value=value)


def _absolute(translator: Translator, call: Call) -> Term:
    term = translator.term(call.arguments[0])
    if translator.backend is Backend.SQLITE and term.type.scale is None:
        return called("ABS", [term], NUMBER)
    return term.write("abs({0})")


ROUND = Form(value=_rounded)
ABS = Form(value=_absolute)
FLOOR = template("trunc(round({0}, 26))")
CEILING = template("(sign({0}) * ceil(abs(round({0}, 26))))")
NEXT_BELOW = template("floor(round({0}, 26))")
NEXT_ABOVE = template("ceil(round({0}, 26))")
TRUNC = Form(value=_truncated)
PI_FORM = Form(value=lambda translator, _: number(PI, translator.backend))
SQRT = transcendental("WHEN a >= 0 THEN sqrt(a)")
EXP = transcendental(f"WHEN a < -{GREATEST_EXPONENT} THEN 0 WHEN a <= {GREATEST_EXPONENT} THEN exp(a)")
LN = transcendental("WHEN a > 0 THEN ln(a)")
LOG = transcendental("WHEN a > 0 THEN log(a)")
ANGLES = Gap(reason="PostgreSQL reckons angles in binary floats of its own, which differ in the last digits.")
MOD = template("mod({0}, NULLIF({1}, 0))")
MAX = extreme("max", "GREATEST")
MIN = extreme("min", "LEAST")
