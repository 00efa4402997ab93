"""The record of the functions' examples in either database, as the declarations' cases are run there."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.dialects.postgresql import psycopg as pg_driver

from formula.sample import ENV, LINES, ROW, SCOPE
from formula.sql import (
    Backend,
    Rows,
    SqlColumn,
    bound,
    condition_sql,
    constant_sql,
    decode,
    environment,
    register,
    to_sql,
)
from formula.types import TEXT, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from formula.expr import Expr, Formula, Reference

LISTS = tuple(name for name, type_ in SCOPE.types.items() if type_.kind is Kind.MULTIPICKLIST)
GLOBALS = {name: type_.kind for name, type_ in SCOPE.types.items() if name.startswith("$")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database in which the sample record's lists have their rows; its other values come as constants."""

    backend: Backend
    connection: Any

    def value(self, formula: Formula) -> object:
        """The value; None for blank and for an error. Raises `Unwritable` where there is a gap."""
        found = to_sql(formula.expr, self.backend, self._column)
        read = decode(found, self.backend)
        (raw,) = self._row(found.element)
        return read(raw) if read and raw is not None else raw

    def fails(self, expr: Expr) -> bool:
        """Whether the value is an error."""
        failure = to_sql(expr, self.backend, self._column).failure
        return failure is not None and bool(self._row(failure)[0])

    def holds(self, expr: Expr) -> tuple[bool, bool]:
        """Whether a condition selects the record, and whether its negation does."""
        condition = condition_sql(expr, self.backend, self._column)
        return self._selects(condition), self._selects(sa.not_(condition))

    def _selects(self, condition: sa.ColumnElement[bool]) -> bool:
        return bool(self._rows(sa.select(sa.literal_column("1")).where(condition)))

    def _row(self, element: sa.ColumnElement[Any]) -> tuple[Any, ...]:
        return self._rows(sa.select(element))[0]

    def _rows(self, statement: sa.Select[Any]) -> list[tuple[Any, ...]]:
        compiled = statement.compile(dialect=_dialect(self.backend))
        given = environment(ENV, self.backend, GLOBALS)
        parameters = {name: given.get(name, value) for name, value in compiled.params.items()}
        return list(self.connection.execute(str(compiled), parameters))

    def _column(self, reference: Reference) -> SqlColumn:
        if reference.records:
            lines = Lines(backend=self.backend)
            return SqlColumn(element=sa.literal_column("1"), type=reference.type, related=lambda: lines)
        if reference.name.startswith("$"):
            return bound(reference, self.backend)
        if reference.name in LISTS:
            owner: sa.ColumnElement[Any] = sa.literal_column("1")
            return SqlColumn(
                element=owner, type=reference.type, rows=Rows(table=_table(reference.name), owner=owner)
            )
        return constant_sql(ROW[reference.name], reference.type, self.backend)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The sample record's lines, as constants one below the other."""

    backend: Backend

    def column(self, reference: Reference) -> SqlColumn:
        """A column of the lines, or a name that means the same there."""
        if reference.name.startswith("$"):
            return bound(reference, self.backend)
        element: sa.ColumnElement[Any] = sa.column(reference.written)
        return SqlColumn(element=element, type=reference.type)

    def select(
        self, element: sa.ColumnElement[Any], where: sa.ColumnElement[bool] | None
    ) -> sa.ScalarSelect[Any]:
        """The query over them."""
        lines = sa.union_all(*(self._line(line) for line in LINES)).subquery("line")
        rows = sa.select(element).select_from(lines)
        return (rows if where is None else rows.where(where)).correlate_except(lines).scalar_subquery()

    def _line(self, line: Mapping[str, object]) -> sa.Select[Any]:
        types = SCOPE.others["line.opportunity"].types
        held = {name: constant_sql(value, types[name], self.backend) for name, value in line.items()}  # type: ignore[arg-type]
        return sa.select(*(column.element.label(name) for name, column in held.items()))


@contextmanager
def databases(url: str) -> Iterator[tuple[Database, Database]]:
    """SQLite in memory and the PostgreSQL database at `url`."""
    with closing(sqlite3.connect(":memory:")) as memory, psycopg.connect(url, autocommit=True) as server:
        register(memory)
        made = (
            Database(backend=Backend.SQLITE, connection=memory),
            Database(backend=Backend.POSTGRESQL, connection=server),
        )
        for database in made:
            for name in LISTS:
                _fill(database, name)
        yield made


def _fill(database: Database, name: str) -> None:
    element = SCOPE.types[name].element or TEXT
    kept = "BLOB" if database.backend is Backend.SQLITE else "uuid"
    kept = kept if element.kind is Kind.ID else "text"
    database.connection.execute(f"CREATE TABLE {_table(name).name} (record integer, value {kept})")
    for value in ROW[name] or ():  # type: ignore[attr-defined]
        column = constant_sql(value, element, database.backend)
        statement = sa.insert(_table(name)).values(record=sa.literal_column("1"), value=column.element)
        compiled = statement.compile(dialect=_dialect(database.backend))
        database.connection.execute(str(compiled), dict(compiled.params))


def _table(name: str) -> sa.Table:
    columns = (sa.Column("record", sa.Integer), sa.Column("value", sa.types.NullType()))
    return sa.Table(f"sample_{name}", sa.MetaData(), *columns)


def _dialect(backend: Backend) -> sa.Dialect:
    return lite.dialect(paramstyle="named") if backend is Backend.SQLITE else pg_driver.dialect()  # type: ignore[no-untyped-call]
