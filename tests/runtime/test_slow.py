"""Slow statements are told with digest and plan: after the loan, never with a value, never in the way."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from engine import postgres, sqlite
from engine.database import Database, DatabaseError
from runtime.log import Log
from runtime.slow import TimedDatabase, timed

SECRET = "canary-7d31"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with a table."""
    path = database_url.removeprefix("sqlite:///")
    opened = postgres.open_database(path, "t") if path == database_url else sqlite.open_database(Path(path))
    with opened.write() as connection:
        connection.run("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT)")
        connection.run("CREATE INDEX ix_thing_name ON thing (name)")
    yield opened
    opened.close()


def _spelled(database: Database, sql: str) -> str:
    return sql if database.dialect.sqlite else sql.replace(":name", "%(name)s").replace(":id", "%(id)s")


def _told(lines: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def _slowed(database: Database, lines: StringIO) -> Database:
    """Every statement counts as slow."""
    made = timed(database, 1, Log(lines), "acme")
    assert isinstance(made, TimedDatabase)
    made._least = 0.0
    return made


def test_a_slow_statement_is_told_with_its_digest_and_plan_and_without_values(database: Database) -> None:
    lines = StringIO()
    query = _spelled(database, f"SELECT id FROM thing WHERE name = :name AND name <> '{SECRET}'")
    with _slowed(database, lines).read() as connection:
        assert connection.rows(query, {"name": SECRET}) == []
        assert connection.row(query, {"name": SECRET}) is None
    one, other = _told(lines)
    assert one["tenant"] == "acme"
    assert one["statement"] == other["statement"]
    assert "thing" in " ".join(one["plan"])
    assert SECRET not in lines.getvalue()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO thing (id, name) VALUES (:id, :name)",
        "UPDATE thing SET name = :name WHERE id = :id",
        "DELETE FROM thing WHERE id = :id AND name = :name",
        "WITH one AS (SELECT :id AS id) SELECT id FROM one WHERE :name <> ''",
    ],
)
def test_every_kind_of_statement_over_rows_has_a_plan_and_is_run_once(database: Database, sql: str) -> None:
    lines = StringIO()
    with _slowed(database, lines).write() as connection:
        params: dict[str, object] = {"id": 1, "name": "x"}
        if sql.startswith("INSERT"):
            connection.run_many(_spelled(database, sql), [params, {"id": 2, "name": "y"}])
        elif sql.startswith("WITH"):
            connection.rows(_spelled(database, sql), params)
        else:
            connection.run(_spelled(database, sql), params)
    goes_straight_in = database.dialect.sqlite and sql.startswith("INSERT")  # SQLite has no plan for that
    assert [bool(event["plan"]) for event in _told(lines)] == [not goes_straight_in]
    with database.read() as connection:
        assert connection.row("SELECT count(*) FROM thing") == ((2,) if "INSERT" in sql else (0,))


def test_a_statement_without_a_plan_and_one_undone_are_told_too(database: Database) -> None:
    lines = StringIO()
    with pytest.raises(RuntimeError), _slowed(database, lines).write() as connection:  # noqa: PT012
        connection.run("CREATE TABLE other (id INTEGER)")
        connection.rows("SELECT * FROM other")
        raise RuntimeError("undone")
    assert [event["plan"] for event in _told(lines)] == [[], []]


def test_what_fails_fails_as_it_would_and_what_is_quick_is_not_told(database: Database) -> None:
    lines = StringIO()
    quick = timed(database, 60_000, Log(lines), "acme")
    with pytest.raises(DatabaseError), quick.bare() as connection:
        connection.rows("SELECT * FROM nothing")
    with quick.read() as connection:
        connection.rows("SELECT 1")
        assert (connection.dialect, connection.statements) == (database.dialect, 1)
    assert lines.getvalue() == ""


def test_no_milliseconds_time_nothing(database: Database) -> None:
    assert timed(database, 0, Log(StringIO()), "acme") is database
