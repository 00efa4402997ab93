"""CURRENCYRATE and CONVERT on PostgreSQL; SQLite calls the Python functions.

The rates come as one value for the whole statement: in a SELECT of its own it is read as JSON once, and not
for each row.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from formula.sql import numbers
from formula.sql.backend import Backend
from formula.sql.form import Form, any_fails, either, unless
from formula.sql.fragment import sql
from formula.sql.rounding import places
from formula.sql.term import Term, number
from formula.types import NUMBER

if TYPE_CHECKING:
    from formula.expr import Call, Expr
    from formula.sql.form import Translator
    from formula.sql.fragment import Sql

_WORTH = "CAST(((SELECT CAST({0} AS jsonb)) ->> {1}) AS numeric)"


def _worth(translator: Translator, code: Expr, rates: Expr) -> Term:
    return Term(sql=sql(_WORTH, translator.term(rates).sql, translator.term(code).sql), type=NUMBER)


def _rate(translator: Translator, call: Call) -> Term:
    code, rates = call.arguments
    units = numbers.divide(
        number(Decimal(1), Backend.POSTGRESQL), _worth(translator, code, rates), Backend.POSTGRESQL
    )
    written = sql("(CASE WHEN {0} IS NULL THEN 1 ELSE {1} END)", translator.term(code).sql, units.sql)
    return Term(sql=unless(translator.fails(code), written), type=NUMBER)


def _rate_fails(translator: Translator, call: Call) -> Sql | None:
    missing = sql("({0} IS NULL)", _rate(translator, call).sql)
    return either(any_fails(translator, call), missing)


def _converted(translator: Translator, call: Call) -> Term:
    amount, currency, company, code, scale, rates = call.arguments
    own, other = translator.term(amount).sql, translator.term(company)
    divided = numbers.divide(other, _worth(translator, code, rates), Backend.POSTGRESQL)
    rounded = places("round", divided, translator.term(scale))
    same = sql("{0} = {1}", translator.term(code).sql, translator.term(currency).sql)
    written = sql("(CASE WHEN {0} THEN {1} ELSE {2} END)", same, own, rounded.sql)
    return Term(sql=written, type=NUMBER)


def _convert_fails(translator: Translator, call: Call) -> Sql | None:
    amount, _, company, code, _, _ = call.arguments
    given = [translator.term(each).sql for each in (amount, company, code)]
    value = _converted(translator, call).sql
    missing = sql("({0} IS NOT NULL AND {1} IS NOT NULL AND {2} IS NOT NULL AND {3} IS NULL)", *given, value)
    return either(any_fails(translator, call), missing)


RATE = Form(value=_rate, fails=_rate_fails)
CONVERT = Form(value=_converted, fails=_convert_fails)
