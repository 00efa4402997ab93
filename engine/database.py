"""What the engine asks of a database, whichever it is.

`sqlite.py` and `postgres.py` keep these promises; `statement.py` makes the texts that run on them. Nothing
above knows a driver: its errors arrive as the exceptions named here. SQL is always parametrised, by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    import sqlalchemy as sa

    from formula.sql import Backend

Params: TypeAlias = Mapping[str, object]
Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dialect:
    """A kind of database: its name, how SQLAlchemy spells it, and what formulas compile to for it."""

    name: Literal["sqlite", "postgresql"]
    sa_dialect: sa.Dialect
    backend: Backend

    @property
    def sqlite(self) -> bool:
        """Whether values go in SQLite's encoding (16-byte ids, scaled integers, microseconds)."""
        return self.name == "sqlite"


class Connection(Protocol):
    """One connection, lent for one piece of work. `statements` counts what was sent, BEGIN and COMMIT too."""

    @property
    def dialect(self) -> Dialect:
        """The kind of database at the other end."""

    @property
    def statements(self) -> int:
        """How many statements this loan has sent; a batch sent at once counts as one."""

    def rows(self, sql: str, params: Params = ...) -> list[Row]:
        """Run a statement and return all its rows, undecoded."""

    def row(self, sql: str, params: Params = ...) -> Row | None:
        """Run a statement and return its first row, or None."""

    def run(self, sql: str, params: Params = ...) -> int:
        """Run a statement and return how many rows it touched."""

    def run_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run one statement with many parameter sets."""


class Database(Protocol):
    """One tenant's database. Safe to share between threads; each loan belongs to one thread."""

    @property
    def dialect(self) -> Dialect:
        """The kind of database this is."""

    def read(self) -> AbstractContextManager[Connection]:
        """Lend a connection outside a transaction: each statement sees what is committed when it starts."""

    def write(self) -> AbstractContextManager[Connection]:
        """Lend a connection inside a transaction: commit at the end, roll back on any exception."""

    def bare(self) -> AbstractContextManager[Connection]:
        """Lend a writing connection outside a transaction, for the few statements which refuse one."""

    def close(self) -> None:
        """Close all connections; a second call does nothing."""


class DatabaseError(Exception):
    """A database refused or failed; the message is the driver's own, for logs and not for people.

    Its subclasses say what happened, which is what callers catch.
    """


class Conflict(DatabaseError):  # noqa: N818
    """Another transaction was in the way; the same work may succeed if tried again from its start."""


class Unavailable(DatabaseError):  # noqa: N818
    """The database cannot be reached or is locked by another process for too long."""


class UniqueClash(DatabaseError):  # noqa: N818
    """Two live rows would share a value that is unique. `constraint` names the index or `table.column`."""

    def __init__(self, message: str, constraint: str) -> None:
        super().__init__(message)
        self.constraint = constraint


class ReferenceBroken(DatabaseError):  # noqa: N818
    """A row would point at nothing; found at COMMIT at the latest."""
