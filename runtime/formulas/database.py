"""What a formula comes to in a database: rows in a table as the engine stores them, one statement for all.

SQLite is one database in memory with the functions that the engine registers; PostgreSQL is a temporary
table in a transaction that is rolled back. An error is NULL there, and so a blank.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.dialects.postgresql import psycopg as pg_driver

from engine.problem import Problem
from formula.sql import Backend, Rows, SqlColumn, Unwritable, decode, environment, register, to_sql
from formula.sql.term import WIDE, sqlite_value
from formula.types import TEXT, Kind
from runtime.codes import BAD_OPTION, NO_SQL
from runtime.formulas.compute import Outcome
from runtime.formulas.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from formula.expr import Formula, Reference
    from formula.program import Env
    from formula.types import Type
    from runtime.formulas.rows import Filled

_PG_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: sa.TEXT(collation="C"),
    Kind.PICKLIST: sa.TEXT(collation="C"),
    Kind.NULL: sa.TEXT(collation="C"),
    Kind.ID: pg.UUID(as_uuid=False),
    Kind.NUMBER: sa.NUMERIC(),
    Kind.BOOLEAN: sa.BOOLEAN(),
    Kind.DATE: sa.DATE(),
    Kind.DATETIME: pg.TIMESTAMP(timezone=True),
    Kind.TIME: sa.TIME(),
}
_WHOLE = frozenset({Kind.BOOLEAN, Kind.DATETIME, Kind.TIME})
_FAULTS = (sqlite3.Error, psycopg.Error, OverflowError)


class DatabaseComputer:
    """Computes on a connection of its own, in tables which are gone after each formula."""

    def __init__(self, backend: Backend, connection: Any) -> None:
        self._backend = backend
        self._connection = connection
        self._dialect: sa.Dialect = (
            lite.dialect(paramstyle="named") if backend is Backend.SQLITE else pg_driver.dialect()  # type: ignore[no-untyped-call]
        )

    def compute(self, formula: Formula, rows: Sequence[Filled], env: Env) -> list[Outcome]:
        """The value of each row; blank where it is an error. Raises Refused where SQL has no form for it."""
        held = _Tables(self._backend, formula.refs)
        try:
            found = to_sql(formula.expr, self._backend, held.column)
        except Unwritable as gap:
            raise Refused(gap.reason, code=NO_SQL) from gap
        try:
            raws = self._run(held, found, rows, env)
        except _FAULTS as error:
            said = str(error).partition("\n")[0]
            raise Refused(f"the database refused the formula: {said}", code=NO_SQL) from error
        finally:
            self._connection.rollback()
        read = decode(found, self._backend)
        return [Outcome(value=raw if raw is None or read is None else read(raw)) for raw in raws]

    def _run(self, held: _Tables, found: SqlColumn, rows: Sequence[Filled], env: Env) -> list[Any]:
        if self._backend is Backend.SQLITE:
            self._connection.execute("BEGIN")
        for table in held.tables:
            self._write(sa.schema.CreateTable(table))
            self._fill(table, held.rows_of(table, rows))
        statement = sa.select(found.element).select_from(held.main).order_by(held.main.c.id)
        compiled = statement.compile(dialect=self._dialect)
        given = environment(env, self._backend, {})
        parameters = {name: given.get(name, value) for name, value in compiled.params.items()}
        return [raw for (raw,) in self._connection.execute(str(compiled), parameters)]

    def _write(self, statement: Any) -> None:
        self._connection.execute(str(statement.compile(dialect=self._dialect)))

    def _fill(self, table: sa.Table, values: list[dict[str, Any]]) -> None:
        if values:
            insert = str(table.insert().compile(dialect=self._dialect))
            self._connection.cursor().executemany(insert, values)


class _Tables:
    """The tables for a formula's names: one column each, and a table for each list."""

    def __init__(self, backend: Backend, references: Sequence[Reference]) -> None:
        self._backend = backend
        self._names = {each.name: (f"c{number}", each.type) for number, each in enumerate(references)}
        data = sa.MetaData()
        plain = [
            sa.Column(column, _column_type(type_, backend))
            for column, type_ in self._names.values()
            if type_.kind is not Kind.MULTIPICKLIST
        ]
        key = sa.Column("id", sa.INTEGER(), primary_key=True)
        self.main = sa.Table("formula_rows", data, key, *plain, prefixes=["TEMPORARY"])
        self._lists = {
            name: self._list(column, type_, data)
            for name, (column, type_) in self._names.items()
            if type_.kind is Kind.MULTIPICKLIST
        }

    @property
    def tables(self) -> tuple[sa.Table, ...]:
        """All of them, in the order in which they are made."""
        return self.main, *self._lists.values()

    def column(self, reference: Reference) -> SqlColumn:
        """What a name stands for."""
        name, type_ = self._names[reference.name]
        if reference.name in self._lists:
            rows = Rows(table=self._lists[reference.name], owner=self.main.c.id)
            return SqlColumn(element=self.main.c.id, type=type_, rows=rows)
        return SqlColumn(element=self.main.c[name], type=type_)

    def rows_of(self, table: sa.Table, rows: Sequence[Filled]) -> list[dict[str, Any]]:
        """What a table is filled with."""
        if table is self.main:
            return [{"id": number, **self._held(row)} for number, row in enumerate(rows)]
        name = next(name for name, made in self._lists.items() if made is table)
        return [*self._items(name, rows)]

    def _held(self, row: Filled) -> dict[str, Any]:
        return {
            column: _stored(row.cells[name], type_, self._backend)
            for name, (column, type_) in self._names.items()
            if name not in self._lists
        }

    def _items(self, name: str, rows: Sequence[Filled]) -> Iterator[dict[str, Any]]:
        element = self._names[name][1].element or TEXT
        for number, row in enumerate(rows):
            for place, value in enumerate(row.cells[name] or ()):
                yield {"record": number, "position": place, "value": _stored(value, element, self._backend)}

    def _list(self, column: str, type_: Type, data: sa.MetaData) -> sa.Table:
        keys = [sa.Column(key, sa.INTEGER()) for key in ("record", "position")]
        value = sa.Column("value", _column_type(type_.element or TEXT, self._backend))
        return sa.Table(f"formula_rows_{column}", data, *keys, value, prefixes=["TEMPORARY"])


def sqlite_connection() -> sqlite3.Connection:
    """A database in memory with the registered functions."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    register(connection)
    return connection


def postgresql_connection(url: str) -> psycopg.Connection[Any]:
    """A connection to PostgreSQL. Raises Problem where there is none."""
    if not url:
        hint = "Name one with --url, --database or STRATA_DATABASE: postgresql://user@host/name."
        raise Problem(BAD_OPTION, "There is no PostgreSQL to compute in.", hint=hint)
    try:
        return psycopg.connect(url, options="-c timezone=UTC", prepare_threshold=None)
    except psycopg.Error as error:
        said = str(error).strip().partition("\n")[0]
        raise Problem(BAD_OPTION, f"PostgreSQL cannot be reached: {said}.", hint="Check the URL.") from error


def _column_type(type_: Type, backend: Backend) -> Any:
    if backend is Backend.POSTGRESQL:
        return _PG_TYPES[type_.kind]
    if type_.kind is Kind.NUMBER:
        return sa.BLOB() if type_.scale is None else sa.INTEGER()
    return sa.INTEGER() if type_.kind in _WHOLE else sa.BLOB() if type_.kind is Kind.ID else sa.TEXT()


def _stored(value: Any, type_: Type, backend: Backend) -> Any:
    """A value as its column keeps it."""
    if backend is Backend.POSTGRESQL or value is None:
        return value
    if type_.kind is Kind.NUMBER and type_.scale is not None:
        return int(value.scaleb(type_.scale, WIDE))
    return sqlite_value(value, type_.kind)
