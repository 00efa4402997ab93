"""A table of nasty rows in both databases, and the three ways to evaluate an expression on each of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.dialects.postgresql import psycopg as pg_driver

from formula.program import Env, FormulaError, compile_python
from formula.scope import Context, Names
from formula.source import Source
from formula.sql import Backend, Rows, SqlColumn, bound, condition_sql, decode, environment, register, to_sql
from formula.sql.term import sqlite_value
from formula.types import BOOLEAN, DATE, DATETIME, ID, MULTIPICKLIST, TEXT, TIME, Kind, Type, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from formula.expr import Formula, Reference
    from formula.language import Language

ME = "018f3c5e-1111-7abc-8def-000000000001"
OTHER = "018f3c5e-2222-7abc-8def-000000000002"
COLUMNS: Mapping[str, Type] = {
    "amount": number(18, 2),
    "quantity": number(18, 0),
    "rate": number(18, 8),
    "name": TEXT,
    "note": TEXT,
    "won": BOOLEAN,
    "stage": Type(kind=Kind.PICKLIST, options=("new", "won", "lost")),
    "day": DATE,
    "due": DATE,
    "seen": DATETIME,
    "made": DATETIME,
    "at": TIME,
    "owner": ID,
}
LISTS: Mapping[str, Type] = {
    "tags": MULTIPICKLIST,
    "stages": Type(kind=Kind.MULTIPICKLIST, options=("new", "won", "lost")),
    "marks": Type(kind=Kind.MULTIPICKLIST, element=number(18, 2)),
    "days": Type(kind=Kind.MULTIPICKLIST, element=DATE),
    "team": Type(kind=Kind.MULTIPICKLIST, element=ID),
}
GLOBALS = {"$user.id": ID, "$user.name": TEXT}
ENV = Env(
    now=datetime(2026, 3, 29, 23, 30, 15, 250_000, tzinfo=UTC),
    zone=ZoneInfo("Asia/Shanghai"),
    globals={"$user.id": ME, "$user.name": "Zoë"},
)
ORDER = tuple(COLUMNS)
_NUMBERS = (
    "0",
    "1",
    "-1",
    "2.50",
    "-0.01",
    "9999999999999999.99",
    "-9999999999999999.99",
    "100",
    "1000",
    None,
)
_WHOLES = ("0", "3", "-7", "999999999999999999", "-999999999999999999", "12", None, "1", "2", "10")
_RATES = ("0", "0.33333333", "-0.5", "9999999999.99999999", "1", None, "0.00000001", "3", "-2.25", "7")
_TEXTS = (
    "",
    "a",
    "ABC",
    "abc ß",
    " x ",
    "🎉🎉b",
    "12.50",
    "-3",
    "2026-02-30",
    "2024-02-29",
    None,
    "%_'\"\\",
    "won",
    "中文É",
)
_DAYS = (
    date(2024, 2, 29), date(2023, 2, 28), date(2026, 1, 31), date(1, 1, 1), date(9999, 12, 31), None,
    date(2026, 3, 30), date(2025, 12, 31),
)  # fmt: skip
_INSTANTS = (
    datetime(2026, 3, 29, 23, 30, 15, 250_000, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC), None,
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), datetime(2024, 2, 29, 15, 59, 59, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 16, 0, tzinfo=UTC),
)  # fmt: skip
_TAGS = (("a", "ABC"), None, ("abc ß",), ("won", "12.50", "a"), None)
_STAGES = (None, ("new", "lost"), ("won",))
_MARKS = ((Decimal("2.50"), Decimal(-1)), None, (Decimal(100),), (Decimal("0.00"), Decimal(1)))
_TEAMS = ((ME,), None, (OTHER, ME), (OTHER,))
_TIMES = (time(0, 0), time(23, 59, 59, 999_999), None, time(12, 30, 15, 250_000))
SIZE = 40


def nasty_rows() -> tuple[dict[str, Any], ...]:
    """Rows in which each list of nasty values runs round at a pace of its own."""
    return tuple(
        {
            "amount": _decimal(_NUMBERS[i % 10]),
            "quantity": _decimal(_WHOLES[(i * 3 + i // 10) % 10]),
            "rate": _decimal(_RATES[(i * 7 + i // 10) % 10]),
            "name": _TEXTS[i % len(_TEXTS)] or None,
            "note": _TEXTS[(i * 5 + i // 14) % len(_TEXTS)] or None,
            "won": i % 3 == 0,
            "stage": ("new", "won", "lost", None)[(i + i // 4) % 4],
            "day": _DAYS[i % 8],
            "due": _DAYS[(i * 3 + i // 8) % 8],
            "seen": _INSTANTS[i % 6],
            "made": _INSTANTS[(i * 5 + i // 6) % 6],
            "at": _TIMES[i % 4],
            "owner": (ME, OTHER, None)[i % 3],
            "tags": _TAGS[i % 5],
            "stages": _STAGES[(i + i // 3) % 3],
            "marks": _MARKS[(i * 3 + i // 4) % 4],
            "days": tuple(day for day in _DAYS[i % 8 : i % 8 + 2] if day) if i % 4 else None,
            "team": _TEAMS[(i + i // 4) % 4],
        }
        for i in range(SIZE)
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


_PG_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: sa.TEXT(collation="C"), Kind.PICKLIST: sa.TEXT(collation="C"), Kind.ID: pg.UUID(as_uuid=False),
    Kind.BOOLEAN: sa.BOOLEAN(), Kind.DATE: sa.DATE(), Kind.DATETIME: pg.TIMESTAMP(timezone=True),
    Kind.TIME: sa.TIME(),
}  # fmt: skip


def table(backend: Backend) -> sa.Table:
    """The table of the rows; `id` counts them."""
    columns = [sa.Column(name, _column_type(type_, backend)) for name, type_ in COLUMNS.items()]
    return sa.Table("rows", sa.MetaData(), sa.Column("id", sa.INTEGER(), primary_key=True), *columns)


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
    """One database with the rows in it."""

    backend: Backend
    connection: Any
    table: sa.Table

    @property
    def dialect(self) -> sa.Dialect:
        return lite.dialect(paramstyle="named") if self.backend is Backend.SQLITE else pg_driver.dialect()  # type: ignore[no-untyped-call]

    def column(self, reference: Reference) -> SqlColumn:
        """What a name stands for here."""
        if reference.name.startswith("$"):
            return bound(reference, self.backend)
        if reference.name in LISTS:
            owner = self.table.c.id
            rows = Rows(table=list_table(reference.name, self.backend), owner=owner)
            return SqlColumn(element=owner, type=reference.type, rows=rows)
        return SqlColumn(element=self.table.c[reference.name], type=reference.type)

    def run(self, statement: sa.Select[Any], prefix: str = "") -> list[tuple[Any, ...]]:
        """The rows that a statement gives, as the driver hands them out."""
        compiled = statement.compile(dialect=self.dialect)
        kinds = {name: type_.kind for name, type_ in GLOBALS.items()}
        given = environment(ENV, self.backend, kinds)
        parameters = {name: given.get(name, value) for name, value in compiled.params.items()}
        return list(self.connection.execute(prefix + str(compiled), parameters))

    def values(self, formula: Formula) -> list[Any]:
        """The formula's value for each row."""
        found = to_sql(formula.expr, self.backend, self.column)
        read = decode(found, self.backend)
        rows = self.run(sa.select(found.element).order_by(self.table.c.id).select_from(self.table))
        return [read(raw) if read and raw is not None else raw for (raw,) in rows]

    def matches(self, formula: Formula) -> tuple[set[int], set[int]]:
        """The ids of the rows for which the condition is true, and those its negation selects."""
        holds = condition_sql(formula.expr, self.backend, self.column)
        return self._ids(holds), self._ids(sa.not_(holds))

    def _ids(self, condition: sa.ColumnElement[bool]) -> set[int]:
        return {row[0] for row in self.run(sa.select(self.table.c.id).where(condition))}


@contextmanager
def sqlite_bench(rows: tuple[dict[str, Any], ...]) -> Iterator[Bench]:
    """The rows in an SQLite database in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        register(connection)
        made = Bench(backend=Backend.SQLITE, connection=connection, table=table(Backend.SQLITE))
        yield _filled(made, rows)


@contextmanager
def postgresql_bench(url: str, rows: tuple[dict[str, Any], ...]) -> Iterator[Bench]:
    """The rows in a PostgreSQL database."""
    with psycopg.connect(url, autocommit=True) as connection:
        made = Bench(backend=Backend.POSTGRESQL, connection=connection, table=table(Backend.POSTGRESQL))
        yield _filled(made, rows)


def _filled(bench: Bench, rows: tuple[dict[str, Any], ...]) -> Bench:
    bench.connection.execute(str(sa.schema.CreateTable(bench.table).compile(dialect=bench.dialect)))
    insert = bench.table.insert().compile(dialect=bench.dialect)
    cursor = bench.connection.cursor()
    held = [
        {"id": i, **{name: stored(row[name], type_, bench.backend) for name, type_ in COLUMNS.items()}}
        for i, row in enumerate(rows)
    ]
    cursor.executemany(str(insert), held)
    for name in LISTS:
        _fill_list(bench, name, rows)
    return bench


def _fill_list(bench: Bench, name: str, rows: tuple[dict[str, Any], ...]) -> None:
    made, element = list_table(name, bench.backend), LISTS[name].element or TEXT
    bench.connection.execute(str(sa.schema.CreateTable(made).compile(dialect=bench.dialect)))
    held = [
        {"record": i, "position": place, "value": stored(value, element, bench.backend)}
        for i, row in enumerate(rows)
        for place, value in enumerate(row[name] or ())
    ]
    bench.connection.cursor().executemany(str(made.insert().compile(dialect=bench.dialect)), held)


def checked(language: Language, text: str) -> Formula:
    """The formula of a text over the columns."""
    scope = Names(types={**COLUMNS, **LISTS, **GLOBALS})
    return language.check(Source(path="test", text=text), scope, Context.FORMULA_FIELD)


def python_values(formula: Formula, rows: tuple[dict[str, Any], ...]) -> list[Any]:
    """The value for each row; an error is None, as SQL shows it."""
    program = compile_python(formula)
    return [_or_none(program, row) for row in rows]


def _or_none(program: Any, row: Mapping[str, Any]) -> Any:
    try:
        return program.value(row, ENV)
    except FormulaError:
        return None


def python_matches(formula: Formula, rows: tuple[dict[str, Any], ...]) -> set[int]:
    """The places of the rows for which the condition is true; an error is not."""
    program = compile_python(formula)
    return {i for i, row in enumerate(rows) if _or_none(program, row) is True}
