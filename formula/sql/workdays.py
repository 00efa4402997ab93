"""WORKDAYS and ADDWORKDAYS on PostgreSQL; SQLite calls the Python functions.

The parts of the calendar are SELECTs of their own, so that they are read once and not for each row; the days
that differ from their week are sorted arrays, which `width_bucket` searches as `bisect` does. Days are
counted from the first one, a Monday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.sql.form import Form, any_fails, either
from formula.sql.fragment import Sql, sql
from formula.sql.moments import whole
from formula.sql.term import Term
from formula.types import DATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Call
    from formula.sql.form import Translator

_LAST = 3_652_059
"""Days that there are in all."""
_ZERO = "(CAST('0001-01-01' AS date) - 1)"
_EACH = "length(replace(week, '0', ''))"
_CALENDAR = (
    "(SELECT split_part({2}, '|', 1)) AS week, (SELECT CAST(split_part({2}, '|', 2) AS date[])) AS closed, "
    "(SELECT CAST(split_part({2}, '|', 3) AS date[])) AS opened"
)


def _until(day: str) -> str:
    """How many days of work there are up to a day."""
    count = f"({day} - {_ZERO})"
    weekly = f"({count} / 7) * {_EACH} + length(replace(left(week, {count} % 7), '0', ''))"
    return f"({weekly} + width_bucket({day}, opened) - width_bucket({day}, closed))"


_PAIR = f"(SELECT {{0}} AS a, {{1}} AS b, {_CALENDAR} OFFSET 0) AS given"
_BETWEEN = (
    f"(SELECT CASE WHEN a <= b THEN {_until('b')} - {_until('(a - 1)')}"  # noqa: S608 - nothing but constants
    f" ELSE {_until('(b - 1)')} - {_until('a')} END FROM {_PAIR})"
)
_NO_CALENDAR = f"(SELECT a IS NOT NULL AND b IS NOT NULL AND week IS NULL FROM {_PAIR})"  # noqa: S608 - as above
_WANTED = f"CASE WHEN n > 0 THEN {_until('a')} + n ELSE {_until('(a - 1)')} + n + 1 END"
# With so many days between them, the week alone says which day it would be behind each that differs.
_SHIFTED = "wanted - width_bucket(e, opened) + width_bucket(e, closed)"
_PLACE = f"{_ZERO} + (t - 1) / NULLIF({_EACH}, 0) * 7 + places[(t - 1) % NULLIF({_EACH}, 0) + 1]"
_PLACES = "ARRAY(SELECT i FROM generate_series(1, 7) AS i WHERE substr(week, i, 1) = '1' ORDER BY i)"
_CANDIDATES = (
    f"SELECT {_PLACE} AS d FROM (SELECT {_SHIFTED} AS t"  # noqa: S608 - nothing but constants
    f" FROM unnest({_ZERO} || closed || opened) AS e OFFSET 0) AS behind WHERE t BETWEEN 1 AND {_LAST}"
    " UNION ALL SELECT e FROM unnest(opened) AS e"
)
_REACHED = f"{_until('d')} = wanted AND d <= CAST('9999-12-31' AS date)"
_FOUND = f"(SELECT min(d) FROM ({_CANDIDATES}) AS days WHERE {_REACHED})"  # noqa: S608 - as above
_BOUNDED = f"CAST(NULLIF(NULLIF(LEAST(GREATEST(trunc(m), -{_LAST}), {_LAST}), {_LAST}), -{_LAST}) AS integer)"
_START = (
    f"(SELECT *, {_WANTED} AS wanted, {_PLACES} AS places FROM (SELECT *, {_BOUNDED} AS n"  # noqa: S608 - as above
    f" FROM (SELECT {{0}} AS a, {{1}} AS m, {_CALENDAR} OFFSET 0) AS given OFFSET 0) AS bounded"
    " OFFSET 0) AS start"
)
_DAY = f"CASE WHEN week IS NULL THEN NULL WHEN n = 0 THEN a ELSE {_FOUND} END"
_ONWARDS = f"(SELECT {_DAY} FROM {_START})"  # noqa: S608 - as above
_NOWHERE = f"(SELECT a IS NOT NULL AND m IS NOT NULL AND {_DAY} IS NULL FROM {_START})"  # noqa: S608 - as above


def _between(translator: Translator, call: Call) -> Term:
    return whole(_written(_BETWEEN, translator, call), _LAST)


def _onwards(translator: Translator, call: Call) -> Term:
    return Term(sql=_written(_ONWARDS, translator, call), type=DATE)


def _fails(template: str) -> Callable[[Translator, Call], Sql | None]:
    """Where an argument is an error; or what `template` says, which names each of them once."""

    def fails(translator: Translator, call: Call) -> Sql | None:
        return either(any_fails(translator, call), _written(template, translator, call))

    return fails


def _written(template: str, translator: Translator, call: Call) -> Sql:
    return sql(template, *(translator.term(argument).sql for argument in call.arguments))


BETWEEN = Form(value=_between, fails=_fails(_NO_CALENDAR))
ONWARDS = Form(value=_onwards, fails=_fails(_NOWHERE))
