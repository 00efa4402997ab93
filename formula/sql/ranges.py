"""Ranges of a bare column, which an index can serve, where a condition speaks of the day or year of it.

Whatever the user's zone and its clock changes, a day there begins within `FARTHEST` hours of the same day
in UTC. So `DATEVALUE(seen) >= TODAY()` is decided for most instants by a comparison, and only those near the
edge are asked for their day. `YEAR(day) = 2026` is a range of days, `amount * 0.15 > 1000` one of amounts.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from formula.expr import Call, Literal, references
from formula.sql.backend import Backend
from formula.sql.fragment import Sql, sql
from formula.sql.term import LARGEST, amount, bind, literal
from formula.types import DATE, Kind

if TYPE_CHECKING:
    from formula.expr import Expr
    from formula.sql.form import Translator

FARTHEST = 16
"""Hours; no zone of the tz database was ever farther from UTC (Manila until 1844: 15:56)."""
_DAY = 24
_YEARS = range(1, 10_000)
_BACKWARDS = {"=": "=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
# Instants near either end of time, whose day in the zone does not exist, are asked for it.
_FIRST, _LAST = date(1, 1, 3), date(9999, 12, 30)


def ranged(translator: Translator, operator: str, call: Call, exact: Sql) -> Sql | None:
    """`exact`, the comparison of a call's two sides, as ranges of columns; None: there are none.

    True exactly where `exact` is, else false or NULL.
    """
    left, right = call.arguments
    if _fixed(left):
        left, right, operator = right, left, _BACKWARDS.get(operator, operator)
    if operator not in _BACKWARDS or not isinstance(left, Call) or not _fixed(right):
        return None
    match left.function.name:
        case "DATEVALUE":
            return _on_days(translator, operator, left, translator.term(right).sql, exact)
        case "YEAR" if isinstance(right, Literal):
            return _in_known_year(translator, operator, left.arguments[0], right.value)
        case "YEAR" if operator == "=":
            return _in_year(translator, left.arguments[0], right, exact)
        case "*" if isinstance(right, Literal):
            return _against_product(translator, operator, left, right.value)
        case _:
            return None


def _fixed(expr: Expr) -> bool:
    """Whether the value is the same for all rows."""
    return all(reference.name.startswith("$") for reference in references(expr))


def _on_days(translator: Translator, operator: str, call: Call, day: Sql, exact: Sql) -> Sql | None:
    """DATEVALUE of a column of instants against a day."""
    instant, backend = translator.term(call.arguments[0]), translator.backend
    if instant.kind is not Kind.DATETIME or not instant.column:
        return None
    if operator == "=":
        low, high = (_hours_after(day, hours, backend) for hours in (-FARTHEST, _DAY + FARTHEST))
        return sql("({0} >= {1} AND {0} < {2} AND {3})", instant.column, low, high, exact)
    later = operator in {">=", ">"}
    # `>` and `<=` speak of the end of the day.
    start, away = _DAY * (operator in {">", "<="}), -FARTHEST if later else FARTHEST
    possible, sure = (_hours_after(day, start + hours, backend) for hours in (away, -away))
    end = _hours_after(_written(translator, _LAST if later else _FIRST), 0, backend)
    template = "({0} >= {1} AND ({0} >= {2} AND {0} < {3} OR {4}))"
    if not later:
        template = "({0} < {1} AND ({0} < {2} AND {0} >= {3} OR {4}))"
    return sql(template, instant.column, possible, sure, end, exact)


def _hours_after(day: Sql, hours: int, backend: Backend) -> Sql:
    """The instant so many hours after a day begins in UTC."""
    if backend is Backend.SQLITE:
        return sql(f"((CAST(strftime('%s', {{0}}) AS INTEGER) + {hours * 3600}) * 1000000)", day)
    return sql(f"((CAST({{0}} AS timestamp) + interval '{hours} hours') AT TIME ZONE 'UTC')", day)


def _in_known_year(translator: Translator, operator: str, day: Expr, year: object) -> Sql | None:
    if not isinstance(year, Decimal) or year != int(year) or int(year) not in _YEARS:
        return None
    first, last = (_written(translator, date(int(year), *rest)) for rest in ((1, 1), (12, 31)))
    match operator:
        case "=":
            return _between(translator, day, first, last)
        case ">=" | "<":
            return _against(translator, operator, day, first)
        case _:
            return _against(translator, operator, day, last)


def _in_year(translator: Translator, day: Expr, year: Expr, exact: Sql) -> Sql | None:
    """The days of a year which the statement's parameters say, and there `exact`."""
    number = translator.term(year)
    if translator.backend is Backend.SQLITE:
        if number.type.scale != 0:
            return None
        bounds = [sql(f"printf('%04d-{end}', {{0}})", number.sql) for end in ("01-01", "12-31")]
    else:
        kept = "CAST(LEAST(GREATEST(trunc({0}), 1), 9999) AS integer)"
        bounds = [sql(f"make_date({kept}, {end})", number.sql) for end in ("1, 1", "12, 31")]
    found = _between(translator, day, *bounds)
    return found and sql("({0} AND {1})", found, exact)


def _between(translator: Translator, day: Expr, first: Sql, last: Sql) -> Sql | None:
    low, high = _against(translator, ">=", day, first), _against(translator, "<=", day, last)
    return sql("({0} AND {1})", low, high) if low and high else None


def _against(translator: Translator, operator: str, day: Expr, bound: Sql) -> Sql | None:
    """A column of dates, or the days of a column of instants, against a day."""
    term = translator.term(day)
    compared = sql(f"({{0}} {operator} {{1}})", term.sql, bound)
    if term.column:
        return compared
    if isinstance(day, Call) and day.function.name == "DATEVALUE":
        return _on_days(translator, operator, day, bound, compared)
    return None


def _against_product(translator: Translator, operator: str, product: Call, limit: object) -> Sql | None:
    """A column of numbers times a constant against a constant: the column against their quotient.

    Exact, since a product of known size is: the column's values lie on a grid, and so the bound may, too.
    """
    column, *factors = (translator.term(argument) for argument in product.arguments)
    factor = amount(factors[0]) if len(factors) == 1 else None
    scale = column.type.scale
    if not (column.column and factor and isinstance(limit, Decimal) and scale is not None):
        return None
    bound = Fraction(limit) / Fraction(factor) * 10**scale
    if product.type.precision is None or operator == "=" or abs(bound) > LARGEST:
        return None
    operator = operator if factor > 0 else _BACKWARDS[operator]
    whole = floor(bound) if operator in {">", "<="} else ceil(bound)
    value = whole if translator.backend is Backend.SQLITE else Decimal(whole).scaleb(-scale)
    typed = "{0}" if translator.backend is Backend.SQLITE else "CAST({0} AS numeric)"
    return sql(f"({{0}} {operator} {{1}})", column.column, bind(value, typed))


def _written(translator: Translator, day: date) -> Sql:
    return literal(Literal(value=day, type=DATE), translator.backend).sql
