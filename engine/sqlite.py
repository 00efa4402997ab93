"""A tenant's data in one SQLite file: the embedded default.

WAL, so that readers and the one writer do not wait for each other; `synchronous=FULL`, so that what was
committed survives a power cut; `BEGIN IMMEDIATE`, so that a transaction waits for the write lock at its
start and not half way. Several processes may open the file; within one, writers queue on a lock of ours.
"""

from __future__ import annotations

import queue
import re
import sqlite3
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect

from engine.codes import BAD_DATABASE, NO_DATABASE
from engine.database import Conflict, DatabaseError, Dialect, ReferenceBroken, Unavailable, UniqueClash
from engine.digest import DIGEST, digest
from engine.problem import Problem
from engine.search.wanted import HOLDS, holds
from engine.statement import NO_PARAMS
from formula.sql import Backend, register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from engine.database import Params, Row

DIALECT: Final = Dialect(name="sqlite", sa_dialect=sqlite_dialect(paramstyle="named"), backend=Backend.SQLITE)

BUSY_SECONDS = 10.0
"""How long a writer waits for the lock before it gives up."""

IDLE_READERS = 8
_CACHED_STATEMENTS = 512

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",
    "PRAGMA trusted_schema=OFF",
)

_UNIQUE = re.compile(r"UNIQUE constraint failed: (?:index '(?P<index>[^']+)'|(?P<column>[^,]+))")


def open_database(path: Path, *, create: bool = True) -> SqliteDatabase:
    """Open the file, making it if `create`.

    Raises:
        Problem: there is no such file or folder, it may not be written, or it is no database.
    """
    if not create and not path.exists():
        raise Problem(NO_DATABASE, f"There is no database at {path}.", status=500)
    if not path.parent.is_dir():
        raise Problem(NO_DATABASE, f"There is no folder {path.parent} for the database.", status=500)
    database = SqliteDatabase(path)
    try:
        with database.bare() as connection:
            connection.row("SELECT count(*) FROM sqlite_master")
    except DatabaseError as error:
        database.close()
        raise Problem(BAD_DATABASE, f"The database {path} cannot be used: {error}.", status=500) from error
    return database


class SqliteDatabase:
    """Connections to one file: one for writing, several for reading."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue(IDLE_READERS)
        self._closed = False

    @property
    def dialect(self) -> Dialect:
        """SQLite."""
        return DIALECT

    @contextmanager
    def read(self) -> Iterator[SqliteConnection]:
        """Lend a reader which refuses to write."""
        raw = self._reader()
        try:
            yield SqliteConnection(raw)
        finally:
            self._keep(raw)

    @contextmanager
    def write(self) -> Iterator[SqliteConnection]:
        """Lend the writer inside BEGIN IMMEDIATE … COMMIT."""
        with self.bare() as connection:
            connection.run("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.run("COMMIT")
            except BaseException:
                connection.abandon()
                raise

    @contextmanager
    def bare(self) -> Iterator[SqliteConnection]:
        """Lend the writer outside a transaction."""
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise Unavailable(f"no writer finished within {BUSY_SECONDS:g} seconds")
        try:
            if self._writer is None:
                self._writer = self._open()
            yield SqliteConnection(self._writer)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close idle connections now, and those lent out when they come back."""
        self._closed = True
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    def _reader(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            raw = self._open()
            raw.execute("PRAGMA query_only=ON")
            return raw

    def _keep(self, raw: sqlite3.Connection) -> None:
        try:
            if self._closed:
                raise queue.Full
            self._idle.put_nowait(raw)
        except queue.Full:
            raw.close()

    def _open(self) -> sqlite3.Connection:
        if self._closed:
            raise Unavailable(f"{self._path} is closed")
        try:
            raw = sqlite3.connect(
                self._path,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=_CACHED_STATEMENTS,
            )
        except sqlite3.Error as error:
            raise _translation(error) from error
        try:
            _set_up(raw)
        except sqlite3.Error as error:
            raw.close()
            raise _translation(error) from error
        return raw


class SqliteConnection:
    """A loan of one connection."""

    __slots__ = ("_raw", "_statements")

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._statements = 0

    @property
    def dialect(self) -> Dialect:
        """SQLite."""
        return DIALECT

    @property
    def statements(self) -> int:
        """How many statements this loan has sent."""
        return self._statements

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        """Run a statement and return all its rows."""
        self._statements += 1
        try:
            return self._raw.execute(sql, params).fetchall()
        except sqlite3.Error as error:
            raise _translation(error) from error

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        """Run a statement and return its first row."""
        found = self.rows(sql, params)
        return found[0] if found else None

    def run(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Run a statement and return how many rows it touched."""
        self._statements += 1
        try:
            return self._raw.execute(sql, params).rowcount
        except sqlite3.Error as error:
            raise _translation(error) from error

    def run_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run one statement for each parameter set."""
        self._statements += 1
        try:
            self._raw.executemany(sql, params)
        except sqlite3.Error as error:
            raise _translation(error) from error

    def abandon(self) -> None:
        """Roll back, if SQLite has not done so by itself."""
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")


def _set_up(raw: sqlite3.Connection) -> None:
    for pragma in _PRAGMAS:
        raw.execute(pragma)
    register(raw)
    raw.create_function(DIGEST, 1, digest, deterministic=True)
    raw.create_function(HOLDS, 2, holds, deterministic=True)


def _translation(error: sqlite3.Error) -> DatabaseError:
    message = str(error)
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_CONSTRAINT if found := _UNIQUE.search(message):
            return UniqueClash(message, found["index"] or found["column"])
        case sqlite3.SQLITE_CONSTRAINT if "FOREIGN KEY" in message:
            return ReferenceBroken(message)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Conflict(message)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return Unavailable(message)
        case _:
            return DatabaseError(message)
