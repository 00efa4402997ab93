"""The nasty rows in both databases, and the three ways to evaluate an expression on each of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.dialects.postgresql import psycopg as pg_driver

from formula.program import FormulaError, compile_python
from formula.scope import Context, Names
from formula.source import Source
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
from formula.sql.term import sqlite_value
from formula.types import TEXT, Kind, Type
from tests.formula.sql.values import (
    ATTRIBUTES,
    COLUMNS,
    ENV,
    GLOBALS,
    LISTS,
    OPTIONS,
    PATHS,
    ROWS,
    TYPES,
    USER_ROW,
    nasty_parents,
    nasty_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from formula.expr import Formula, Reference
    from formula.language import Blanks, Language
    from formula.program import Env

_PG_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: sa.TEXT(collation="C"), Kind.PICKLIST: sa.TEXT(collation="C"), Kind.ID: pg.UUID(as_uuid=False),
    Kind.BOOLEAN: sa.BOOLEAN(), Kind.DATE: sa.DATE(), Kind.DATETIME: pg.TIMESTAMP(timezone=True),
    Kind.TIME: sa.TIME(),
}  # fmt: skip
_SCOPE = Names(types=TYPES)


def table(backend: Backend, name: str = "rows") -> sa.Table:
    """The table of the rows, or of their `parents`; `id` counts them."""
    columns = [sa.Column(name, _column_type(type_, backend)) for name, type_ in COLUMNS.items()]
    keys = (sa.Column("id", sa.INTEGER(), primary_key=True), sa.Column("parent", sa.INTEGER()))
    return sa.Table(name, sa.MetaData(), *keys, *columns)


def list_table(name: str, backend: Backend) -> sa.Table:
    """The table of a list's values; `record` is the row's id."""
    keys = [sa.Column(key, sa.INTEGER()) for key in ("record", "position")]
    value = sa.Column("value", _column_type(LISTS[name].element or TEXT, backend))
    return sa.Table(f"rows__{name}", sa.MetaData(), *keys, value)


def _column_type(type_: Type, backend: Backend) -> Any:
    if backend is Backend.SQLITE:
        numeric = type_.kind in {Kind.NUMBER, Kind.BOOLEAN, Kind.DATETIME, Kind.TIME}
        return sa.INTEGER() if numeric else sa.BLOB() if type_.kind is Kind.ID else sa.TEXT()
    return sa.NUMERIC(19, type_.scale) if type_.kind is Kind.NUMBER else _PG_TYPES[type_.kind]


def stored(value: Any, type_: Type, backend: Backend) -> Any:
    """A value as its column keeps it."""
    if backend is Backend.POSTGRESQL or value is None:
        return value
    if type_.kind is Kind.NUMBER:
        return int(value.scaleb(type_.scale or 0))
    return sqlite_value(value, type_.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One database with the rows in it; `parents` are the joined tables by path."""

    backend: Backend
    connection: Any
    table: sa.Table
    parents: Mapping[str, sa.FromClause]
    dialect: sa.Dialect

    @property
    def source(self) -> sa.FromClause:
        """The rows with their parents, each where there is one."""
        parent, grand = self.parents.values()
        joined = self.table.outerjoin(parent, self.table.c.parent == parent.c.id)
        return joined.outerjoin(grand, parent.c.parent == grand.c.id)

    def column(self, reference: Reference) -> SqlColumn:
        """What a name stands for here."""
        name, type_ = reference.name, reference.type
        path, _, last = name.rpartition(".")
        if name.startswith("$"):
            return self._limit() if name == "$user.limit" else bound(reference, self.backend)
        if name in LISTS:
            owner = self.table.c.id
            rows = Rows(table=list_table(name, self.backend), owner=owner)
            return SqlColumn(element=owner, type=type_, rows=rows)
        if name in ATTRIBUTES:
            return SqlColumn(element=self._attribute(name), type=type_)
        return SqlColumn(element=(self.parents[path] if path else self.table).c[last], type=type_)

    def _attribute(self, name: str) -> sa.ColumnElement[Any]:
        """What the row's option says of itself, as a choice among the picklist's options."""
        made = {
            option: constant_sql(value, ATTRIBUTES[name], self.backend)  # type: ignore[arg-type]
            for option, value in OPTIONS[name].items()
        }
        whens = [(self.table.c.stage == option, column.element) for option, column in made.items() if option]
        return sa.case(*whens, else_=made[None].element)

    def _limit(self) -> SqlColumn:
        """A value that a question of its own answers."""
        user = self.table.alias("user")
        limit = user.c.amount
        element = sa.select(limit).where(user.c.id == USER_ROW).scalar_subquery()
        return SqlColumn(element=element, type=GLOBALS["$user.limit"])

    def run(self, statement: sa.Select[Any], prefix: str = "", env: Env = ENV) -> list[tuple[Any, ...]]:
        """The rows that a statement gives, as the driver hands them out."""
        compiled = statement.compile(dialect=self.dialect)
        kinds = {name: type_.kind for name, type_ in GLOBALS.items()}
        given = environment(env, self.backend, kinds)
        parameters = {name: given.get(name, value) for name, value in compiled.params.items()}
        return list(self.connection.execute(prefix + str(compiled), parameters))

    def values(self, formula: Formula, env: Env = ENV) -> list[Any]:
        """The formula's value for each row."""
        return self.answers([self.ask(formula)], env)[0].values

    def matches(self, formula: Formula, env: Env = ENV) -> tuple[set[int], set[int]]:
        """The ids of the rows for which the condition is true, and those its negation selects."""
        holds = condition_sql(formula.expr, self.backend, self.column)
        return self._ids(holds, env), self._ids(sa.not_(holds), env)

    def ask(self, formula: Formula) -> Asked:
        """A formula as columns of a statement; raises `Unwritable`."""
        found = to_sql(formula.expr, self.backend, self.column)
        elements: list[sa.ColumnElement[Any]] = [found.element]
        if formula.type.kind is Kind.BOOLEAN:
            holds = condition_sql(formula.expr, self.backend, self.column)
            elements += [sa.case((test, 1), else_=0) for test in (holds, sa.not_(holds))]
        return Asked(elements=tuple(elements), read=decode(found, self.backend) or (lambda raw: raw))

    def answers(self, asked: Sequence[Asked], env: Env = ENV) -> list[Answer]:
        """The formulas' values, and where conditions hold, all by one statement."""
        elements = [element for each in asked for element in each.elements]
        columns = [element.label(f"c{n}") for n, element in enumerate(elements)]
        rows = self.run(sa.select(*columns).order_by(self.table.c.id).select_from(self.source), env=env)
        found = iter(zip(*rows, strict=True))
        return [each.answer([next(found) for _ in each.elements]) for each in asked]

    def _ids(self, condition: sa.ColumnElement[bool], env: Env) -> set[int]:
        found = sa.select(self.table.c.id).where(condition).select_from(self.source)
        return {row[0] for row in self.run(found, env=env)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A formula as columns: its value, and of a condition whether it holds and whether its negation does."""

    elements: tuple[sa.ColumnElement[Any], ...]
    read: Callable[[Any], Any]

    def answer(self, columns: Sequence[Sequence[Any]]) -> Answer:
        """What the columns say."""
        values, *tests = columns
        decoded = [None if raw is None else self.read(raw) for raw in values]
        return Answer(values=decoded, matches=[{i for i, held in enumerate(test) if held} for test in tests])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A formula's value for each row, and of a condition the rows it selects and those its negation does."""

    values: list[Any]
    matches: list[set[int]]


def opened(backend: Backend, connection: Any = None) -> Bench:
    """The rows on a connection; without one, for looking at SQL."""
    dialects: Mapping[Backend, Any] = {Backend.SQLITE: lite.dialect, Backend.POSTGRESQL: pg_driver.dialect}
    named = {"paramstyle": "named"} if backend is Backend.SQLITE else {}
    return Bench(
        backend=backend,
        connection=connection,
        table=table(backend),
        parents={path: table(backend, "parents").alias(path.replace(".", "_")) for path in PATHS},
        dialect=dialects[backend](**named),
    )


@contextmanager
def sqlite_bench() -> Iterator[Bench]:
    """The rows in an SQLite database in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        register(connection)
        yield _filled(opened(Backend.SQLITE, connection))


@contextmanager
def postgresql_bench(url: str) -> Iterator[Bench]:
    """The rows in a PostgreSQL database, asked as the product asks it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET jit = off")
        yield _filled(opened(Backend.POSTGRESQL, connection))


def _filled(made: Bench) -> Bench:
    for name, records in (("rows", nasty_rows()), ("parents", nasty_parents())):
        _fill(made, table(made.backend, name), records)
    for name in LISTS:
        _fill_list(made, name)
    return made


def _fill(made: Bench, target: sa.Table, records: Sequence[Mapping[str, Any]]) -> None:
    held = [
        {
            "id": i,
            "parent": record["parent"],
            **{name: stored(record[name], type_, made.backend) for name, type_ in COLUMNS.items()},
        }
        for i, record in enumerate(records)
    ]
    _create(made, target, held)


def _fill_list(made: Bench, name: str) -> None:
    element = LISTS[name].element or TEXT
    held = [
        {"record": i, "position": place, "value": stored(value, element, made.backend)}
        for i, row in enumerate(nasty_rows())
        for place, value in enumerate(row[name] or ())
    ]
    _create(made, list_table(name, made.backend), held)


def _create(made: Bench, target: sa.Table, held: list[dict[str, Any]]) -> None:
    made.connection.execute(str(sa.schema.CreateTable(target).compile(dialect=made.dialect)))
    made.connection.cursor().executemany(str(target.insert().compile(dialect=made.dialect)), held)


def checked(language: Language, text: str, blanks: Blanks = "as_blank") -> Formula:
    """The formula of a text over every name there is."""
    return language.check(Source(path="test", text=text), _SCOPE, Context.FORMULA_FIELD, blanks=blanks)


def python_values(formula: Formula, env: Env = ENV) -> list[Any]:
    """The value for each row; an error is None, as SQL shows it."""
    program = compile_python(formula)
    return [_or_none(program.value, row, env) for row in ROWS]


def _or_none(value: Any, row: Mapping[str, Any], env: Env) -> Any:
    try:
        return value(row, env)
    except FormulaError:
        return None


def python_matches(formula: Formula, env: Env = ENV) -> set[int]:
    """The places of the rows for which the condition is true; an error is not."""
    return {i for i, value in enumerate(python_values(formula, env)) if value is True}
