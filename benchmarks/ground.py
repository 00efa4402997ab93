"""The tables under measurement, kept aside once and put back before each operation.

Otherwise a create would leave the next operation a larger table than the last one had. Works beside running
servers, on a connection of its own.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("opportunity", "s_journal", "s_change_set")
_KEPT = "kept_"


class Ground(Protocol):
    """One database with the measured tables in it."""

    def keep(self) -> None:
        """Keep the tables as they are now."""

    def restore(self) -> None:
        """Make them again what they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SqliteGround:
    """A file; what is kept lies in a second file beside it."""

    path: Path

    def keep(self) -> None:
        statements = (f"CREATE TABLE kept.{table} AS SELECT * FROM main.{table}" for table in TABLES)
        self._run("BEGIN", *statements, "COMMIT", "PRAGMA wal_checkpoint(TRUNCATE)")

    def restore(self) -> None:
        moves = (
            f"{verb} main.{table} {rest}"
            for table in TABLES
            for verb, rest in (("DELETE FROM", ""), ("INSERT INTO", f"SELECT * FROM kept.{table}"))
        )
        self._run("BEGIN IMMEDIATE", *moves, "COMMIT", "PRAGMA wal_checkpoint(TRUNCATE)")

    def _run(self, *statements: str) -> None:
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        try:
            connection.execute("ATTACH ? AS kept", (str(self.path.with_suffix(".kept")),))
            for statement in statements:
                connection.execute(statement)
        finally:
            connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresGround:
    """A schema; what is kept lies in the same database in tables of another name."""

    url: str
    schema: str

    def keep(self) -> None:
        self._run("CREATE TABLE {kept} AS SELECT * FROM {table}", "VACUUM ANALYZE {table}")

    def restore(self) -> None:
        self._run(
            "TRUNCATE {table} CASCADE", "INSERT INTO {table} SELECT * FROM {kept}", "VACUUM ANALYZE {table}"
        )

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            for table in TABLES:
                names = {
                    "table": sql.Identifier(self.schema, table),
                    "kept": sql.Identifier(self.schema, _KEPT + table),
                }
                for statement in statements:
                    connection.execute(sql.SQL(statement).format(**names))
