"""The system tables of a tenant: what the product keeps beside the company's own objects.

Each room that keeps tables hands in a `SystemSchema`: numbered steps which only go forward. The number
reached is kept per room in `s_meta`; a program that knows fewer steps than the tenant has will not touch it.
Called when a tenant is made or opened, and by `strata migrate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.codes import NEWER_TENANT
from engine.problem import Problem
from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.database import Connection, Database, Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStep:
    """One step. `statements` are for both dialects; those of `sqlite` or `postgresql` come after them.

    In them `{id}`, `{text}`, `{int}`, `{at}` and `{bool}` stand for the dialect's types, and `{table}` ends a
    CREATE TABLE.
    """

    number: int
    about: str
    statements: tuple[str, ...]
    sqlite: tuple[str, ...] = ()
    postgresql: tuple[str, ...] = ()

    def sql(self, dialect: Dialect) -> tuple[str, ...]:
        """Return what to run: the statements for both dialects, then those for this one."""
        own = self.sqlite if dialect.sqlite else self.postgresql
        types = column_types(dialect)
        return tuple(statement.format_map(types) for statement in (*self.statements, *own))


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemSchema:
    """All steps of one room, numbered from 1 without gaps."""

    room: str
    steps: tuple[SystemStep, ...]

    @property
    def version(self) -> int:
        """The number of the last step."""
        return len(self.steps)


def column_types(dialect: Dialect) -> Mapping[str, str]:
    """Return how the statements of system steps write types in a dialect."""
    if dialect.sqlite:
        return {
            "id": "BLOB",
            "text": "TEXT",
            "int": "INTEGER",
            "at": "INTEGER",
            "bool": "INTEGER",
            "table": "STRICT",
        }
    text = 'TEXT COLLATE "C"'
    return {"id": "UUID", "text": text, "int": "BIGINT", "at": "TIMESTAMPTZ", "bool": "BOOLEAN", "table": ""}


_META = "CREATE TABLE IF NOT EXISTS s_meta (name {text} NOT NULL PRIMARY KEY, value {text} NOT NULL) {table}"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.s_meta'))"


def upgrade(database: Database, schemas: Sequence[SystemSchema]) -> int:
    """Bring the system tables to what this program knows, and return how many steps were performed.

    One transaction, under a lock: two processes that open a tenant at once do the work once.

    Raises:
        Problem: the tenant has steps that this program does not know.
    """
    with database.write() as connection:
        if not connection.dialect.sqlite:
            connection.row(_LOCK)
        connection.run(_META.format_map(column_types(connection.dialect)))
        return sum(_upgrade_room(connection, schema) for schema in schemas)


def _upgrade_room(connection: Connection, schema: SystemSchema) -> int:
    key = f"system_version.{schema.room}"
    reached = int(meta(connection, key) or 0)
    if reached > schema.version:
        message = (
            f"The tenant's {schema.room} tables are at version {reached}, but this program knows only "
            f"{schema.version}: install the newer version of Strata."
        )
        raise Problem(NEWER_TENANT, message, status=500, hint=NEWER_TENANT.mend)
    waiting = schema.steps[reached:]
    for step in waiting:
        for statement in step.sql(connection.dialect):
            connection.run(statement)
    if waiting:
        set_meta(connection, key, str(schema.version))
    return len(waiting)


def meta(connection: Connection, name: str) -> str | None:
    """Return an entry of `s_meta` (`release_no`, `currency`, `time_zone`…), or None."""
    found = compile_text("SELECT value FROM s_meta WHERE name = :name", connection.dialect).row(
        connection, {"name": name}
    )
    return None if found is None else str(found[0])


def set_meta(connection: Connection, name: str, value: str) -> None:
    """Set an entry of `s_meta`."""
    compile_text(
        "INSERT INTO s_meta (name, value) VALUES (:name, :value) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        connection.dialect,
    ).run(connection, {"name": name, "value": value})
