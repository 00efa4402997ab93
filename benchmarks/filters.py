"""Conditions as SQL beside what a good engineer writes by hand, on 100,000 rows of either database.

    python -m benchmarks.filters [--rows 100000] [--database sqlite]

Both count the rows of the same table, with the same indexes. A ratio is the least time of the formula's SQL
by the least time of the hand's, over rounds in which they take turns; the bar is 1.5 where the form is
native. Where there is no bar, SQLite calls the formula language's own Python for some rows, as no native
form is exact.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite as lite
from sqlalchemy.dialects.postgresql import psycopg as pg

from benchmarks.table import figure, render
from formula.language import language
from formula.program import Env
from formula.scope import Context, Names
from formula.source import Source
from formula.sql import Backend, SqlColumn, condition_sql, environment, register
from formula.types import BOOLEAN, DATE, DATETIME, TEXT, Kind, Type, number
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from formula.expr import Reference
    from formula.language import Language

ROWS = 100_000
ROUNDS = 9
SEED = 11
ENV = Env(now=datetime(2026, 3, 11, 9, 30, tzinfo=UTC), zone=ZoneInfo("Europe/Berlin"))
TYPES = {
    "amount": number(18, 2),
    "cost": number(18, 2),
    "quantity": number(9, 0),
    "name": TEXT,
    "reason": TEXT,
    "urgent": BOOLEAN,
    "stage": Type(kind=Kind.PICKLIST, options=("open", "won", "lost")),
    "closes": DATE,
    "made": DATETIME,
}
INDEXED = ("amount", "stage", "closes", "made", "name")
COLUMNS = {
    Backend.SQLITE: "id INTEGER PRIMARY KEY, amount INTEGER, cost INTEGER, quantity INTEGER, name TEXT,"
    " reason TEXT, urgent INTEGER, stage TEXT, closes TEXT, made INTEGER",
    Backend.POSTGRESQL: "id integer PRIMARY KEY, amount numeric(19,2), cost numeric(19,2),"
    ' quantity numeric(19,0), name text COLLATE "C", reason text COLLATE "C", urgent boolean,'
    ' stage text COLLATE "C", closes date, made timestamptz',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A condition, and its SQL by hand on either database; without `postgresql` both are written alike.

    `:today` and `:day`, `:next` – the user's day, and the instants at which it begins and ends – are bound.
    """

    formula: str
    sqlite: str
    postgresql: str = ""
    native: bool = True

    def by_hand(self, backend: Backend) -> str:
        """What the engineer writes."""
        return self.sqlite if backend is Backend.SQLITE or not self.postgresql else self.postgresql


FILTERS = (
    Filter(formula='stage = "won"', sqlite="stage = 'won'"),
    Filter(formula='stage <> "won"', sqlite="stage <> 'won' OR stage IS NULL"),
    Filter(formula="amount > 99000", sqlite="amount > 9900000", postgresql="amount > 99000"),
    Filter(
        formula='AND(stage = "won", amount > 50000, NOT(ISBLANK(closes)))',
        sqlite="stage = 'won' AND amount > 5000000 AND closes IS NOT NULL",
        postgresql="stage = 'won' AND amount > 50000 AND closes IS NOT NULL",
    ),
    Filter(
        formula='stage = "lost" || NOT(urgent) && quantity >= 90',
        sqlite="stage = 'lost' OR urgent = 0 AND quantity >= 90",
        postgresql="stage = 'lost' OR NOT urgent AND quantity >= 90",
    ),
    Filter(
        formula="amount * 0.15 > 14000",
        sqlite="amount * 15 > 140000000",
        postgresql="amount * 0.15 > 14000",
    ),
    Filter(
        formula="amount - cost > 95000",
        sqlite="amount - cost > 9500000",
        postgresql="amount - cost > 95000",
    ),
    Filter(
        formula='IF(stage = "won", amount, cost) > 99000',
        sqlite="CASE WHEN stage = 'won' THEN amount ELSE cost END > 9900000",
        postgresql="CASE WHEN stage = 'won' THEN amount ELSE cost END > 99000",
    ),
    Filter(
        formula='CASE(stage, "won", 1, "open", 0.5, 0) * amount > 49000',
        sqlite="CASE stage WHEN 'won' THEN 10 WHEN 'open' THEN 5 ELSE 0 END * amount > 49000000",
        postgresql="CASE stage WHEN 'won' THEN 1 WHEN 'open' THEN 0.5 ELSE 0 END * amount > 49000",
        native=False,
    ),
    Filter(
        formula="closes >= TODAY() - 30",
        sqlite="closes >= date(:today, '-30 days')",
        postgresql="closes >= CAST(:today AS date) - 30",
    ),
    Filter(
        formula="YEAR(closes) = 2026",
        sqlite="closes BETWEEN '2026-01-01' AND '2026-12-31'",
    ),
    Filter(formula="MONTH(closes) = 3", sqlite="CAST(substr(closes, 6, 2) AS INTEGER) = 3",
           postgresql="EXTRACT(MONTH FROM closes) = 3"),
    Filter(formula="DATEVALUE(made) = TODAY()", sqlite="made >= :day AND made < :next", native=False),
    Filter(formula="DATEVALUE(made) >= TODAY() - 30", sqlite="made >= :month", native=False),
    Filter(formula='BEGINS(name, "Acme 7")', sqlite="name >= 'Acme 7' AND name < 'Acme 8'"),
    Filter(
        formula='CONTAINS(name, "77")', sqlite="instr(name, '77') > 0", postgresql="strpos(name, '77') > 0"
    ),
    Filter(formula="ISBLANK(reason)", sqlite="reason IS NULL OR reason = ''"),
    Filter(formula="LEN(name) > 9", sqlite="length(name) > 9"),
    Filter(
        formula="amount / quantity > 90000",
        sqlite="amount > 9000000 * quantity",
        postgresql="amount / NULLIF(quantity, 0) > 90000",
        native=False,
    ),
    Filter(
        formula="ROUND(amount * 0.15, 1) > 14999",
        sqlite="(amount * 15 + 500) / 1000 > 149990",
        postgresql="round(amount * 0.15, 1) > 14999",
        native=False,
    ),
    Filter(
        formula='UPPER(name) = "ACME 77"',
        sqlite="upper(name) = 'ACME 77'",
        postgresql="upper(name) = 'ACME 77'",
        native=False,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A database with the rows in it; `count` runs a SELECT and gives its one number."""

    backend: Backend
    dialect: sa.Dialect
    count: Callable[[str, Mapping[str, Any]], int]


def main(arguments: list[str]) -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(prog="benchmarks.filters", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=list(Backend), action="append", help="default: both")
    asked = parser.parse_args(arguments)
    tongue = language()
    for backend in asked.database or Backend:
        with GROUNDS[Backend(backend)](asked.rows) as ground:
            rows = [_measured(tongue, ground, each, asked.rounds) for each in FILTERS]
        title = f"Conditions over {asked.rows:,} rows on {backend}, ms"
        print(render(title, ("", "formula", "by hand", "times", "bar"), rows))


def _measured(tongue: Language, ground: Ground, asked: Filter, rounds: int) -> tuple[str, ...]:
    ours, params = _translated(tongue, ground, asked.formula)
    hand, values = _bound(ground, asked.by_hand(ground.backend))
    found, wanted = ground.count(ours, params), ground.count(hand, values)
    assert found == wanted, f"{asked.formula}: {found} rows, by hand {wanted}"
    pairs = [(_seconds(ground, ours, params), _seconds(ground, hand, values)) for _ in range(rounds)]
    first, second = (min(column) * 1000 for column in zip(*pairs, strict=True))
    native = asked.native or ground.backend is Backend.POSTGRESQL
    return asked.formula, figure(first), figure(second), figure(first / second), "1.5" if native else ""


def _seconds(ground: Ground, text: str, params: Mapping[str, Any]) -> float:
    start = perf_counter()
    ground.count(text, params)
    return perf_counter() - start


def _translated(tongue: Language, ground: Ground, text: str) -> tuple[str, dict[str, Any]]:
    table = sa.table("deal", *(sa.column(name) for name in ("id", *TYPES)))

    def column(reference: Reference) -> SqlColumn:
        return SqlColumn(element=table.c[reference.name], type=reference.type)

    formula = tongue.check(Source(path="benchmark", text=text), Names(types=TYPES), Context.FILTER)
    condition = condition_sql(formula.expr, ground.backend, column)
    compiled = sa.select(sa.func.count()).select_from(table).where(condition).compile(dialect=ground.dialect)
    given = environment(ENV, ground.backend, {})
    return str(compiled), {name: given.get(name, value) for name, value in compiled.params.items()}


def _bound(ground: Ground, condition: str) -> tuple[str, dict[str, Any]]:
    """The condition by hand, with the user's day as an engineer binds it."""
    compiled = sa.text(f"SELECT count(*) FROM deal WHERE {condition}").compile(dialect=ground.dialect)
    midnight = datetime.combine(ENV.today, datetime.min.time(), ENV.zone)
    days = {"day": midnight, "next": midnight + timedelta(days=1), "month": midnight - timedelta(days=30)}
    sqlite_ = ground.backend is Backend.SQLITE
    given: dict[str, Any] = {name: _micros(at) if sqlite_ else at for name, at in days.items()}
    given["today"] = ENV.today.isoformat() if sqlite_ else ENV.today
    return str(compiled), {name: given[name] for name in compiled.params}


def _records(rows: int) -> Iterator[tuple[Any, ...]]:
    """The rows: a deal in a few thousand amounts, over three years; some reasons and days are blank."""
    random = Random(SEED)
    for number_ in range(rows):
        made = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(3 * 365 * 1440))
        yield (
            *(number_, random.randrange(10_000_000), random.randrange(10_000_000), random.randrange(1, 100)),
            *(f"Acme {random.randrange(rows)}", random.choice(("", None, "price", "time"))),
            *(random.random() < 0.5, random.choice(("open", "open", "won", "lost", None))),
            *(random.choice((None, made.date() + timedelta(days=30), made.date())), made),
        )


def _micros(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _for_sqlite(row: tuple[Any, ...]) -> tuple[Any, ...]:
    day: date | None = row[8]
    return (*row[:6], int(row[6]), row[7], day and day.isoformat(), _micros(row[9]))


def _for_postgresql(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (row[0], f"{row[1]}e-2", f"{row[2]}e-2", *row[3:])


@contextmanager
def _on_sqlite(rows: int) -> Iterator[Ground]:
    with closing(sqlite3.connect(":memory:")) as connection:
        register(connection)
        connection.execute(f"CREATE TABLE deal ({COLUMNS[Backend.SQLITE]})")
        places = ", ".join("?" * (len(TYPES) + 1))
        connection.executemany(f"INSERT INTO deal VALUES ({places})", map(_for_sqlite, _records(rows)))
        _index(connection)
        yield Ground(
            backend=Backend.SQLITE,
            dialect=lite.dialect(paramstyle="named"),
            count=lambda text, params: int(connection.execute(text, params).fetchone()[0]),
        )


@contextmanager
def _on_postgresql(rows: int) -> Iterator[Ground]:
    with (
        postgres.server() as server,
        server.database() as url,
        psycopg.connect(url, autocommit=True, options="-c jit=off") as connection,
    ):
        connection.execute(f"CREATE TABLE deal ({COLUMNS[Backend.POSTGRESQL]})")
        with connection.cursor().copy("COPY deal FROM STDIN") as copy:
            for row in _records(rows):
                copy.write_row(_for_postgresql(row))
        _index(connection)
        yield Ground(
            backend=Backend.POSTGRESQL,
            dialect=pg.dialect(),  # type: ignore[no-untyped-call]
            count=lambda text, params: int(connection.execute(text, params).fetchone()[0]),  # type: ignore[index]
        )


def _index(connection: Any) -> None:
    """What a table of deals would have; both databases get their statistics."""
    for name in INDEXED:
        connection.execute(f"CREATE INDEX deal_{name} ON deal ({name})")
    connection.execute("ANALYZE")


GROUNDS = {Backend.SQLITE: _on_sqlite, Backend.POSTGRESQL: _on_postgresql}

if __name__ == "__main__":
    main(sys.argv[1:])
