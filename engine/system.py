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


ENGINE = SystemSchema(
    room="engine",
    steps=(
        SystemStep(
            number=1,
            about="releases, change sets, journal, closures",
            statements=(
                """CREATE TABLE s_release (
                    number {int} PRIMARY KEY, digest {text} NOT NULL, layer {text} NOT NULL,
                    packages {text} NOT NULL, at {at} NOT NULL, "by" {id}, reason {text} NOT NULL
                ) {table}""",
                """CREATE TABLE s_change_set (
                    id {id} NOT NULL PRIMARY KEY, at {at} NOT NULL, actor {id}, entry {text} NOT NULL,
                    reason {text} NOT NULL, automation {bool} NOT NULL
                ) {table}""",
                "CREATE INDEX ix_s_change_set_at ON s_change_set (at)",
                """CREATE TABLE s_department_closure (
                    above {id} NOT NULL, below {id} NOT NULL, depth {int} NOT NULL, PRIMARY KEY (above, below)
                ) {table}""",
                "CREATE INDEX ix_s_department_closure_below ON s_department_closure (below)",
                """CREATE TABLE s_user_closure (
                    above {id} NOT NULL, below {id} NOT NULL, depth {int} NOT NULL, PRIMARY KEY (above, below)
                ) {table}""",
                "CREATE INDEX ix_s_user_closure_below ON s_user_closure (below)",
            ),
            # On SQLite one writer at a time makes file order the commit order. On PostgreSQL `seq` is given
            # later, to events of transactions older than every running one (see sequencer.py).
            sqlite=(
                """CREATE TABLE s_journal (
                    seq INTEGER PRIMARY KEY AUTOINCREMENT, id {id} NOT NULL UNIQUE, tx INTEGER,
                    change_set {id} NOT NULL,
                    object {text} NOT NULL, record {id} NOT NULL, version {int} NOT NULL,
                    kind {text} NOT NULL, changes {text} NOT NULL
                ) {table}""",
                "CREATE INDEX ix_s_journal_record ON s_journal (record, version)",
                "CREATE INDEX ix_s_journal_change_set ON s_journal (change_set)",
            ),
            postgresql=(
                """CREATE TABLE s_journal (
                    seq {int} UNIQUE, id {id} NOT NULL PRIMARY KEY,
                    tx XID8 NOT NULL DEFAULT pg_current_xact_id(),
                    change_set {id} NOT NULL,
                    object {text} NOT NULL, record {id} NOT NULL, version {int} NOT NULL,
                    kind {text} NOT NULL, changes {text} NOT NULL
                ) {table}""",
                "CREATE INDEX ix_s_journal_record ON s_journal (record, version)",
                "CREATE INDEX ix_s_journal_change_set ON s_journal (change_set)",
                "CREATE INDEX ix_s_journal_waiting ON s_journal (tx) WHERE seq IS NULL",
            ),
        ),
        SystemStep(
            number=2,
            about="series of record numbers",
            statements=(
                """CREATE TABLE s_series (
                    field {text} NOT NULL, frame {text} NOT NULL, last {int} NOT NULL,
                    PRIMARY KEY (field, frame)
                ) {table}""",
            ),
        ),
        SystemStep(
            number=3,
            about="what a release changed, and what the tenant's layer saw below it",
            statements=(
                "ALTER TABLE s_release ADD COLUMN changes {text} NOT NULL DEFAULT '[]'",
                "ALTER TABLE s_release ADD COLUMN seen {text} NOT NULL DEFAULT '[]'",
            ),
        ),
        SystemStep(
            number=4,
            about="who really acted, what a change set is about, and whether it is still being written",
            statements=(
                "ALTER TABLE s_change_set ADD COLUMN impersonator {id}",
                "ALTER TABLE s_change_set ADD COLUMN subject {id}",
                "CREATE INDEX ix_s_change_set_actor ON s_change_set (actor, at)",
                "CREATE INDEX ix_s_change_set_subject ON s_change_set (subject) WHERE subject IS NOT NULL",
            ),
            sqlite=("ALTER TABLE s_change_set ADD COLUMN open {bool} NOT NULL DEFAULT 0",),
            postgresql=("ALTER TABLE s_change_set ADD COLUMN open {bool} NOT NULL DEFAULT false",),
        ),
        SystemStep(
            number=5,
            about="what is searched: a document of tokens for each record",
            statements=(),
            # The index of SQLite keeps which documents hold a token and nothing else, and takes tokens as
            # they are: they part at blanks alone. It keeps the documents, too – a trigger of a table of ours
            # could not write it, as SQLite 3.40 trusts no virtual table there – so that documents are found
            # by their record through an index on the table behind it (id, c0 object, c1 record, c2 tokens).
            sqlite=(
                """CREATE VIRTUAL TABLE s_search USING fts5(
                    object UNINDEXED, record UNINDEXED, tokens, detail=none, columnsize=0,
                    tokenize="ascii tokenchars '-_'"
                )""",
                "CREATE UNIQUE INDEX uq_s_search_record ON s_search_content (c1, c0)",
                "CREATE INDEX ix_s_search_object ON s_search_content (c0)",
            ),
            postgresql=(
                """CREATE TABLE s_search (
                    seq {int} GENERATED BY DEFAULT AS IDENTITY, object {text} NOT NULL, record {id} NOT NULL,
                    tokens TSVECTOR NOT NULL, PRIMARY KEY (record, object)
                )""",
                "CREATE INDEX ix_s_search_object ON s_search (object, seq)",
                "CREATE INDEX ix_s_search_tokens ON s_search USING gin (tokens)",
            ),
        ),
    ),
)

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
