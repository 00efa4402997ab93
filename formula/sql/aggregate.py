"""Exact SUM and AVG over Numbers. MIN, MAX and COUNT need nothing: either form's order is the numeric one.

SQLite's own SUM raises beyond 64 bits and its AVG is a float; ours add up as Python integers or decimals.
Nothing and only blanks give NULL, as in SQL.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from formula import number as numbers
from formula.fault import RAISED
from formula.sql import decimals
from formula.sql.backend import Backend, SqlColumn
from formula.sql.fragment import Fragment, Sql, sql
from formula.sql.numbers import SIGNIFICANT
from formula.sql.term import reference
from formula.types import NUMBER

if TYPE_CHECKING:
    import sqlite3

_WIDE = Context(prec=400)


def sum_sql(column: SqlColumn, backend: Backend) -> SqlColumn:
    """The sum of a Number over the rows of a group, to 38 significant digits."""
    written = reference(column, backend).sql
    if backend is Backend.POSTGRESQL:
        return _number(sql(SIGNIFICANT, sql("SUM({0})", written)))
    return _number(sql(f"formula_sum({{0}}, {_scale(column)})", written))


def average_sql(column: SqlColumn, backend: Backend) -> SqlColumn:
    """The mean of a Number over the rows of a group that have one, half-up to 32 decimal places."""
    written = reference(column, backend).sql
    if backend is Backend.POSTGRESQL:
        total = sql(SIGNIFICANT, sql("SUM({0})", written))
        return _number(sql("round(div({0} * 1e33, NULLIF(COUNT({1}), 0)) * 1e-33, 32)", total, written))
    return _number(sql(f"formula_average({{0}}, {_scale(column)})", written))


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the aggregates."""
    connection.create_aggregate("formula_sum", 2, _Sum)  # type: ignore[arg-type]  # the stub knows one argument
    connection.create_aggregate("formula_average", 2, _Average)  # type: ignore[arg-type]  # the same


class _Sum:
    """Adds scaled integers, or numbers as bytes, as SQLite hands them in."""

    def __init__(self) -> None:
        self.integers = 0
        self.decimals = Decimal(0)
        self.count = 0
        self.scale = 0

    def step(self, value: Any, scale: Any, /) -> None:
        """Take one row's value; `scale` is the same in each."""
        if value is None:
            return
        self.count += 1
        self.scale = scale
        if isinstance(value, bytes):
            self.decimals = _WIDE.add(self.decimals, decimals.decode(value))
        else:
            self.integers += value

    @property
    def total(self) -> Decimal:
        """The sum, rounded once."""
        return numbers.add(
            _WIDE.add(self.decimals, Decimal(self.integers).scaleb(-self.scale, _WIDE)), Decimal(0)
        )

    def finalize(self) -> bytes | None:
        """The group's result."""
        try:
            return decimals.encode(self.result()) if self.count else None
        except RAISED:
            return None

    def result(self) -> Decimal:
        """What becomes of the total."""
        return self.total


class _Average(_Sum):
    """The total by the number of values."""

    def result(self) -> Decimal:
        """The mean."""
        return numbers.divide(self.total, Decimal(self.count))


def _number(written: Sql) -> SqlColumn:
    return SqlColumn(element=Fragment(written, sa.types.NullType()), type=NUMBER)


def _scale(column: SqlColumn) -> int:
    """The scale of integers; bytes know their own."""
    return column.type.scale or 0
