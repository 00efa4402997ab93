"""What a formula comes to in a database: rows in a table as the engine stores them, one statement for all.

SQLite is one database in memory with the functions that the engine registers; on PostgreSQL the tables are
temporary and go with the connection. Which rows have an error the database says; why, Python says.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.dialects.postgresql import psycopg as pg_driver

from engine.problem import Problem
from formula.sql import Backend, Rows, SqlColumn, Unwritable, decode, environment, register, to_sql
from formula.sql.term import WIDE, sqlite_value
from formula.types import TEXT, Kind, Type
from runtime.codes import BAD_OPTION, NO_SQL
from runtime.formulas.compute import Outcome, PythonComputer
from runtime.formulas.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from formula.expr import Formula, Reference
    from formula.program import Env
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
_MOST_TABLES = 2_000
_FAULTS = (sqlite3.Error, psycopg.Error, OverflowError)


class DatabaseComputer:
    """Computes on a connection of its own. Tables are made once for each row of column types; what they are
    filled with is rolled back after each formula.
    """

    def __init__(self, backend: Backend, connection: Any) -> None:
        self._backend = backend
        self._connection = connection
        self._dialect: sa.Dialect = (
            lite.dialect(paramstyle="named") if backend is Backend.SQLITE else pg_driver.dialect()  # type: ignore[no-untyped-call]
        )
        self._tables: dict[tuple[Type, ...], _Tables] = {}
        self._python = PythonComputer()

    def compute(self, formula: Formula, rows: Sequence[Filled], env: Env) -> list[Outcome]:
        """The outcome of each row. Raises Refused where SQL has no form for the formula."""
        names = sorted(formula.refs, key=lambda reference: repr(_held_as(reference.type)))
        try:
            held = _Held(self._made(tuple(_held_as(each.type) for each in names)), names, self._backend)
            found = to_sql(formula.expr, self._backend, held.column)
            raws = self._run(held, found, rows, env)
        except Unwritable as gap:
            raise Refused(gap.reason, code=NO_SQL) from gap
        except _FAULTS as error:
            said = str(error).partition("\n")[0]
            raise Refused(f"the database refused the formula: {said}", code=NO_SQL) from error
        finally:
            with suppress(psycopg.Error):
                self._connection.rollback()
        read = decode(found, self._backend)
        return [
            self._failed(formula, row, env)
            if failed
            else Outcome(value=raw if raw is None or read is None else read(raw))
            for row, (raw, failed) in zip(rows, raws, strict=True)
        ]

    def _failed(self, formula: Formula, row: Filled, env: Env) -> Outcome:
        (outcome,) = self._python.compute(formula, (row,), env)
        return Outcome(error=outcome.error or f"an error on {self._backend} alone")

    def _made(self, types: tuple[Type, ...]) -> _Tables:
        """The tables for columns of these types; a few thousand of them, and all are made anew."""
        if len(self._tables) >= _MOST_TABLES:
            for table in [table for tables in self._tables.values() for table in tables.all]:
                self._write(sa.schema.DropTable(table))
            self._tables.clear()
        if types not in self._tables:
            tables = _Tables(f"formula_rows_{len(self._tables)}", types, self._backend)
            for table in tables.all:
                self._write(sa.schema.CreateTable(table))
            self._connection.commit()
            self._tables[types] = tables
        return self._tables[types]

    def _run(self, held: _Held, found: SqlColumn, rows: Sequence[Filled], env: Env) -> list[tuple[Any, Any]]:
        """Of each row the value as the database gives it, and whether it is an error."""
        if self._backend is Backend.SQLITE:
            self._connection.execute("BEGIN")
        for table, values in held.contents(rows):
            insert = str(table.insert().compile(dialect=self._dialect))
            self._connection.cursor().executemany(insert, values)
        main = held.tables.main
        failure = sa.false() if found.failure is None else found.failure
        statement = sa.select(found.element, failure).select_from(main).order_by(main.c.id)
        compiled = statement.compile(dialect=self._dialect)
        given = environment(env, self._backend, {})
        parameters = {name: given.get(name, value) for name, value in compiled.params.items()}
        return list(self._connection.execute(str(compiled), parameters))

    def _write(self, statement: Any) -> None:
        self._connection.execute(str(statement.compile(dialect=self._dialect)))


class _Tables:
    """A table with a column for each type, and one for each list."""

    def __init__(self, name: str, types: Sequence[Type], backend: Backend) -> None:
        data = sa.MetaData()
        columns = [
            sa.Column(f"c{place}", _column_type(type_, backend))
            for place, type_ in enumerate(types)
            if type_.kind is not Kind.MULTIPICKLIST
        ]
        key = sa.Column("id", sa.INTEGER(), primary_key=True)
        self.main = sa.Table(name, data, key, *columns, prefixes=["TEMPORARY"])
        self.lists = {
            place: _list_table(f"{name}_{place}", type_, data, backend)
            for place, type_ in enumerate(types)
            if type_.kind is Kind.MULTIPICKLIST
        }

    @property
    def all(self) -> tuple[sa.Table, ...]:
        """Every one of them."""
        return self.main, *self.lists.values()


class _Held:
    """Where the names of one formula stand in the tables."""

    def __init__(self, tables: _Tables, names: Sequence[Reference], backend: Backend) -> None:
        self.tables = tables
        self._backend = backend
        self._names = {reference.name: (place, reference.type) for place, reference in enumerate(names)}

    def column(self, reference: Reference) -> SqlColumn:
        """What a name stands for."""
        place, type_ = self._names[reference.name]
        owner = self.tables.main.c.id
        if place in self.tables.lists:
            rows = Rows(table=self.tables.lists[place], owner=owner)
            return SqlColumn(element=owner, type=type_, rows=rows)
        return SqlColumn(element=self.tables.main.c[f"c{place}"], type=type_)

    def contents(self, rows: Sequence[Filled]) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
        """What each table is filled with, those aside that stay empty."""
        for name, (place, type_) in self._names.items():
            items = [*self._items(name, type_, rows)] if place in self.tables.lists else []
            if items:
                yield self.tables.lists[place], items
        if rows:
            yield self.tables.main, [{"id": number, **self._cells(row)} for number, row in enumerate(rows)]

    def _cells(self, row: Filled) -> dict[str, Any]:
        return {
            f"c{place}": _stored(row.cells.stored(name), type_, self._backend)
            for name, (place, type_) in self._names.items()
            if place not in self.tables.lists
        }

    def _items(self, name: str, type_: Type, rows: Sequence[Filled]) -> Iterator[dict[str, Any]]:
        for number, row in enumerate(rows):
            for position, value in enumerate(row.cells.stored(name) or ()):
                stored = _stored(value, type_.element or TEXT, self._backend)
                yield {"record": number, "position": position, "value": stored}


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


def _held_as(type_: Type) -> Type:
    """The type as far as a column depends on it."""
    scaled = None if type_.scale is None else 0
    element = None if type_.element is None else _held_as(type_.element)
    return Type(kind=type_.kind, scale=scaled, element=element)


def _list_table(name: str, type_: Type, data: sa.MetaData, backend: Backend) -> sa.Table:
    keys = [sa.Column(key, sa.INTEGER()) for key in ("record", "position")]
    value = sa.Column("value", _column_type(type_.element or TEXT, backend))
    return sa.Table(name, data, *keys, value, prefixes=["TEMPORARY"])


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
