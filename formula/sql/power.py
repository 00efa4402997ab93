"""`^` on PostgreSQL: exact where 38 digits hold the result, else to 15. SQLite calls the Python function.

Small whole constants are written as products, which cost least. What is beyond every Number is never
reckoned: PostgreSQL would raise, or take a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.sql.form import Form, comes_to_nothing
from formula.sql.fragment import Sql, sql
from formula.sql.numbers import BOUNDED, SIGNIFICANT
from formula.sql.term import Term, amount
from formula.types import NUMBER

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator

_MOST_FACTORS = 8
_GREATEST_EXPONENT = 10_000
"""As in `formula.number`."""
_LARGEST, _SMALLEST = 130, -170
"""Powers of ten between which the results lie; what is smaller is 0."""
_FIFTEEN = "round(CAST(to_char({0}, '9." + "9" * 14 + "EEEE') AS numeric), 142)"
_KEPT = f"round({SIGNIFICANT}, 165)".replace("{0}", "p")
"""142 and 165 places are where Python's numbers of 15 and 38 digits end."""

_GIVEN = "SELECT {0} AS a, {1} AS b OFFSET 0"
_SIZED = f"SELECT a, b, CASE WHEN a <> 0 THEN b * log(abs(a)) END AS m FROM ({_GIVEN}) AS given OFFSET 0"  # noqa: S608
# `power` counts places, so its base comes with so many that digits enough are left.
_RAISED = (
    f"SELECT a, b, CASE WHEN a = 0 OR m > {_LARGEST} OR a < 0 AND b <> trunc(b) THEN NULL"  # noqa: S608
    f" WHEN m < {_SMALLEST} THEN 0 WHEN b <> trunc(b) OR abs(b) <= {_GREATEST_EXPONENT}"
    f" THEN power(a + 0.{'0' * -_SMALLEST}, b) END AS p FROM ({_SIZED}) AS sized OFFSET 0"
)
_CHOSEN = (
    "CASE WHEN a = 0 THEN CASE WHEN b > 0 THEN 0 WHEN b = 0 THEN 1 END"
    " WHEN abs(a) = 1 AND b = trunc(b) THEN CASE WHEN a = 1 OR mod(b, 2) = 0 THEN 1 ELSE -1 END"
    f" WHEN abs(b) > {_GREATEST_EXPONENT} AND b = trunc(b) THEN NULL"
    f" WHEN b = trunc(b) AND {_KEPT} = p THEN p ELSE {_FIFTEEN.replace('{0}', 'p')} END"
)
_POWER = BOUNDED.replace("{0}", f"(SELECT {_CHOSEN} FROM ({_RAISED}) AS raised)")  # noqa: S608 - constants
_EXACT_OR_ROUNDED = f"CASE WHEN {_KEPT} = p THEN p ELSE {_FIFTEEN.replace('{0}', 'p')} END"


def _product(base: Sql, factors: int) -> Sql:
    product = " * ".join(["a"] * factors)
    given = f"(SELECT {product} AS p FROM (SELECT {{0}} AS a OFFSET 0) AS given OFFSET 0) AS product"  # noqa: S608
    return sql(BOUNDED.replace("{0}", f"(SELECT {_EXACT_OR_ROUNDED} FROM {given})"), base)  # noqa: S608


def _power(translator: Translator, call: Call) -> Term:
    base, exponent = (translator.term(argument) for argument in call.arguments)
    known = amount(exponent)
    if known is not None and known == int(known) and 0 < known <= _MOST_FACTORS:
        return Term(sql=_product(base.sql, int(known)), type=NUMBER)
    return Term(sql=sql(_POWER, base.sql, exponent.sql), type=NUMBER)


POWER = Form(value=_power, fails=comes_to_nothing)
