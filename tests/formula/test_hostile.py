"""Texts made to hang, to fill the memory or to overflow a stack are refused or computed, quickly, everywhere.

Each case is checked, run in Python, and asked of both databases where it can be written for them. It may come
to Issues, an error value, a gap or a value; what it must not be is slow, large, or any other exception.
"""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing, suppress
from datetime import date
from time import process_time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.dialects.postgresql import psycopg as pg_driver

from formula.issue import Rejected
from formula.program import FormulaError, compile_python
from formula.recovery import MOST
from formula.sample import ENV, ROW
from formula.scope import Context
from formula.sql import Backend, SqlColumn, Unwritable, bound, environment, register, to_sql
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from formula.expr import Formula, Reference
    from tests.postgres import Server

SECONDS = 5.0
"""Of CPU, for one case on all back-ends."""
HERE: dict[str, Any] = {**ROW, "close_date": date(2026, 1, 31)}
MEGABYTES = 300
"""What the process may grow by."""

ISSUES: dict[str, str] = {
    "100 KB": "1+" * 50_000 + "1",
    "a name as long as a formula": "a" * 19_999,
    "a path of ten thousand parts": ".".join("a" * 9_999),
    "open parentheses": "(" * 19_000,
    "open calls": "IF(" * 6_000,
    "closing parentheses": ")" * 19_000,
    "parentheses the wrong way round": ")(" * 9_000,
    "quotes": '"' * 9_999,
    "comments opened in comments": "/*" * 9_000,
    "commas": "MAX(" + "," * 19_000 + ")",
    "characters of no meaning": "@#~`" * 4_900,
    "three thousand unknown names": "+".join(f"x{n}" for n in range(3_000)),
    "nine thousand negations of an unknown name": "!" * 19_000 + "nobody",
    "a thousand calls": "ABS(" * 1_001 + "amount" + ")" * 1_001,
    "a thousand conditions": "IF(urgent, 1, " * 1_001 + "0" + ")" * 1_001,
    "a thousand rescues": "IFERROR(" * 1_001 + "1 / amount" + ", 0)" * 1_001,
    "a thousand choices": "CASE(amount, 1, " * 1_001 + "0" + ", 0)" * 1_001,
    "nineteen thousand signs": "-" * 19_000 + "amount",
    "nine thousand powers": "^".join("2" * 9_000),
    "comparisons in a row": "<".join("1" * 9_000),
    "nineteen thousand digits": "9" * 19_000,
    "nineteen thousand decimals": "0." + "1" * 19_000,
    "zeros": "0." + "0" * 19_000 + "1 + amount",
    "an exponent": "1e999999999",
    "a NUL": '"a\0b" & reason',
    "half a surrogate pair": '"a\ud800b" & reason',
    "a name with a NUL": "amo\0unt + 1",
    "a name that turns round": "\u202eamount + 1",
}
COMPUTED: dict[str, str] = {
    "parentheses": "(" * 9_900 + "amount" + ")" * 9_900,
    "texts joined": "&".join(['"a"'] * 4_900),
    "fields joined": "&".join(["reason"] * 2_800),
    "a sum": "+".join(["amount"] * 900),
    "alternatives": "||".join(["urgent"] * 2_500),
    "arguments": "MAX(" + ",".join(["amount"] * 2_500) + ")",
    "a CASE of many branches": "CASE(amount, " + "".join(f"{n}, {n}, " for n in range(1_500)) + "0)",
    "text that turns round": '"\u202e\u2066abc" & reason',
    "texts that multiply": "SUBSTITUTE(" * 12 + '"a" & reason' + ', "a", "aaaaaaaaaaaaaaaa")' * 12,
    "constants that multiply": "SUBSTITUTE(" * 12 + '"a"' + ', "a", "aaaaaaaaaaaaaaaa")' * 12,
    "texts that multiply by themselves": 'SUBSTITUTE(name, "A", LPAD(name, 9999, "A"))',
    "escapes that double": "JSENCODE(" * 60 + '"\\"\\"" & reason' + ")" * 60,
    "entities of entities": "HTMLENCODE(" * 60 + '"<&>" & reason' + ")" * 60,
    "percent codes of percent codes": "URLENCODE(" * 60 + '"%%%" & reason' + ")" * 60,
    "padding": 'LPAD("x" & reason, 1000000000)',
    "padding of padding": "RPAD(LPAD(" * 5 + "name" + ", 1000000000), 1000000000)" * 5,
    "padding put together": "&".join(['LPAD("x", 10000)'] * 900),
    "powers of powers": "9 ^ 9 ^ 9 ^ 9",
    "a thousand million zeros": "10 ^ (10 ^ 9)",
    "a power of a field": "amount ^ (amount ^ amount)",
    "a great fractional power": "1.0000001 ^ 9999999.5",
    "EXP": "EXP(1000000) + EXP(amount * 100000)",
    "a vanishing EXP": "EXP(-1000000 - amount)",
    "a great angle": "SIN(10 ^ 127) + TAN(10 ^ 100 + amount)",
    "places beyond all": "ROUND(amount, 1000000000) + TRUNC(amount, amount * 1000000)",
    "tens beyond all": "ROUND(amount, -1000000000)",
    "a remainder of a great number": "MOD(10 ^ 120 + amount, 0.0000000000000000000000000000001)",
    "a year beyond all": "DATE(amount * 1000000000000, 1, 1)",
    "a constant year beyond all": "DATE(1000000000, 1, 1)",
    "months beyond all": "ADDMONTHS(close_date, 1000000000000)",
    "days beyond all": "close_date + 10 ^ 30",
    "days before all": "close_date - 10 ^ 100",
    "an instant beyond all": "NOW() + 10 ^ 100",
    "seconds beyond all": "FROMUNIXTIME(10 ^ 100)",
    "a clock turned for ever": "TIMENOW() + 10 ^ 100",
    "a character beyond all": "CHR(1000000000000)",
    "places in a text beyond all": "LEFT(name, 10 ^ 100) & MID(name, 10 ^ 100, 10 ^ 100)",
    "a pattern that backtracks": 'REGEX("' + "a" * 40 + '!", "(a+)+$")',
    "a pattern that repeats repeats": 'REGEX("a" & reason, "((((a{1000}){1000}){1000}){1000})")',
    "a pattern that nests": 'REGEX("a" & reason, "' + "(" * 5_000 + ")" * 5_000 + '")',
    "a long pattern": 'REGEX("a" & reason, "' + "(a|b)*" * 2_500 + '")',
    "a number of many digits": 'VALUE("' + "9" * 15_000 + '")',
    "an overflow": "10 ^ 127 * 10 ^ 127 * amount",
}


@pytest.fixture(scope="module")
def databases(postgres_server: Server) -> Iterator[dict[Backend, Any]]:
    """A connection to either database, which stops what takes long."""
    with (
        closing(sqlite3.connect(":memory:")) as sqlite,
        postgres_server.database() as url,
        psycopg.connect(url, autocommit=True, options="-c statement_timeout=8000") as postgresql,
    ):
        register(sqlite)
        yield {Backend.SQLITE: sqlite, Backend.POSTGRESQL: postgresql}


@pytest.mark.parametrize("case", ISSUES)
def test_what_is_no_formula_is_refused_at_once_with_no_more_issues_than_one_reads(
    case: str, check: Callable[..., Formula]
) -> None:
    with _bounded(), pytest.raises(Rejected) as refused:
        check(ISSUES[case], context=Context.FORMULA_FIELD)
    assert 1 <= len(refused.value.issues) <= 2 * MOST


@pytest.mark.parametrize("case", COMPUTED)
def test_what_is_a_formula_is_computed_in_bounds_everywhere(
    case: str, check: Callable[..., Formula], databases: dict[Backend, Any]
) -> None:
    with _bounded():
        formula = check(COMPUTED[case], context=Context.FORMULA_FIELD)
        shown = _shown(formula)
        assert len(shown) <= 10_000_000
        for backend, connection in databases.items():
            _ask(formula, backend, connection)


class _bounded:  # noqa: N801  (reads as a phrase)
    """What is done here takes little time and memory."""

    def __enter__(self) -> None:
        self._start, self._size = process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def __exit__(self, *failure: object) -> None:
        if failure[0] is None:
            assert process_time() - self._start < SECONDS
            assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self._size < MEGABYTES * 1024


def _shown(formula: Formula) -> str:
    try:
        return str(compile_python(formula)(HERE, ENV))
    except FormulaError as error:
        return error.reason


def _ask(formula: Formula, backend: Backend, connection: Any) -> None:
    """Ask a database, unless it cannot be asked."""

    def column(reference: Reference) -> SqlColumn:
        if reference.name.startswith("$"):
            return bound(reference, backend)
        held = HERE[reference.name]
        if backend is Backend.SQLITE and reference.type.kind is Kind.NUMBER and held is not None:
            held = int(held.scaleb(reference.type.scale or 0))
        elif backend is Backend.SQLITE and reference.type.kind is Kind.DATE:
            held = str(held)
        return SqlColumn(element=sa.literal(held, _TYPES.get(reference.type.kind)), type=reference.type)

    try:
        element = to_sql(formula.expr, backend, column).element
    except Unwritable:
        return
    dialect: sa.Dialect = (
        lite.dialect(paramstyle="named") if backend is Backend.SQLITE else pg_driver.dialect()  # type: ignore[no-untyped-call]
    )
    compiled = sa.select(element).compile(dialect=dialect)
    given = environment(ENV, backend, {})
    params = {name: given.get(name, value) for name, value in compiled.params.items()}
    with suppress(psycopg.errors.StatementTooComplex):  # it is longer than what the database reads
        connection.execute(str(compiled), params).fetchall()


_TYPES: dict[Kind, Any] = {Kind.NUMBER: sa.NUMERIC(), Kind.TEXT: sa.TEXT(), Kind.BOOLEAN: sa.BOOLEAN()}
