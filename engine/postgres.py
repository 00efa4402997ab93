"""A tenant's data in one schema of a PostgreSQL database (15 or newer): for production.

READ COMMITTED; the save takes the row locks it needs. Connections are pooled and in autocommit mode, so
that a read is one round trip; the driver prepares statements that come again.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import errors, sql
from psycopg.pq import TransactionStatus
from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect

from engine.codes import BAD_DATABASE, NO_DATABASE
from engine.database import Conflict, DatabaseError, Dialect, ReferenceBroken, Unavailable, UniqueClash
from engine.problem import Problem
from engine.statement import NO_PARAMS
from formula.sql import Backend

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.database import Params, Row

DIALECT: Final = Dialect(
    name="postgresql",
    sa_dialect=psycopg_dialect(),  # type: ignore[no-untyped-call]
    backend=Backend.POSTGRESQL,
)

OLDEST = 150000
"""The oldest server version that is supported, as the server numbers it."""

CONNECTIONS = 8
WAIT_SECONDS = 10.0

ATTEMPTS = 3
"""How often a question outside a transaction is put when others are in its way."""

LOCK_SECONDS = 10
"""How long a statement waits for a lock before it gives up."""

# jit and a random plan per parameter cost more than they give for the short statements of a CRM.
_OPTIONS = (
    "-c timezone=UTC -c jit=off -c default_transaction_isolation=read\\ committed "
    f"-c lock_timeout={LOCK_SECONDS}s"
)


def open_database(
    dsn: str, schema: str, *, create: bool = True, connections: int = CONNECTIONS
) -> PostgresDatabase:
    """Open a schema of the database at `dsn` (a URL or key=value pairs), making it if `create`.

    Args:
        dsn: where the server is, as libpq reads it.
        schema: the tenant's schema, quoted by us.
        create: whether to make a missing schema.
        connections: how many connections the pool may hold at most.

    Raises:
        Problem: the server cannot be reached, is too old, or has no such schema; in one sentence.
    """
    try:
        with psycopg.connect(dsn, autocommit=True, options=_OPTIONS) as raw:
            _check(raw, schema, create=create)
    except psycopg.Error as error:
        raise Problem(BAD_DATABASE, f"PostgreSQL cannot be used: {_sentence(error)}", status=500) from error
    return PostgresDatabase(dsn, schema, connections)


def _check(raw: psycopg.Connection[Any], schema: str, *, create: bool) -> None:
    version = raw.info.server_version
    if version < OLDEST:
        message = f"PostgreSQL {version // 10000} is too old; {OLDEST // 10000} or newer is needed."
        raise Problem(BAD_DATABASE, message, status=500)
    query = "SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = %s"
    found = raw.execute(query, (schema,)).fetchone()
    if found is not None and not found[0]:
        message = f"The role “{raw.info.user}” may not make tables in the schema “{schema}”."
        raise Problem(BAD_DATABASE, message, status=500)
    if found is None and not create:
        raise Problem(NO_DATABASE, f"The database has no schema “{schema}”.", status=500)
    if found is None:
        raw.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))


class PostgresDatabase:
    """A pool of connections to one schema."""

    def __init__(self, dsn: str, schema: str, connections: int) -> None:
        self._schema = schema
        self._close_lock = threading.Lock()
        self._pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            dsn,
            min_size=1,
            max_size=connections,
            num_workers=1,
            timeout=WAIT_SECONDS,
            kwargs={
                "autocommit": True,
                "options": _OPTIONS,
                "prepare_threshold": 2,
                "client_encoding": "utf8",
            },
            configure=self._configure,
            open=True,
        )

    @property
    def dialect(self) -> Dialect:
        """PostgreSQL."""
        return DIALECT

    @contextmanager
    def read(self) -> Iterator[PostgresConnection]:
        """Lend a connection outside a transaction."""
        with self._lent() as raw:
            yield PostgresConnection(raw)

    @contextmanager
    def write(self) -> Iterator[PostgresConnection]:
        """Lend a connection inside BEGIN … COMMIT."""
        with self._lent() as raw:
            connection = PostgresConnection(raw)
            connection.run("BEGIN")
            try:
                yield connection
                connection.run("COMMIT")
            except BaseException:
                connection.abandon()
                raise

    @contextmanager
    def bare(self) -> Iterator[PostgresConnection]:
        """Lend a connection outside a transaction, which waits for locks as long as it takes.

        What runs here, an index made while others write, waits for every older transaction.
        """
        with self._lent() as raw:
            connection = PostgresConnection(raw)
            connection.run("SET lock_timeout TO 0")
            try:
                yield connection
            finally:
                if not raw.closed:
                    connection.run("RESET lock_timeout")

    def close(self) -> None:
        """Close the pool."""
        with self._close_lock:
            self._pool.close()

    @contextmanager
    def _lent(self) -> Iterator[psycopg.Connection[Row]]:
        try:
            raw = self._pool.getconn()
        except (PoolTimeout, psycopg.Error) as error:
            raise Unavailable(str(error)) from error
        try:
            yield raw
        finally:
            self._pool.putconn(raw)

    def _configure(self, raw: psycopg.Connection[Row]) -> None:
        raw.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(self._schema)))
        raw.adapters.register_loader("uuid", TextLoader)  # ids are text everywhere above
        raw.prepared_max = 500


class PostgresConnection:
    """A loan of one connection."""

    __slots__ = ("_raw", "_statements")

    def __init__(self, raw: psycopg.Connection[Row]) -> None:
        self._raw = raw
        self._statements = 0

    @property
    def dialect(self) -> Dialect:
        """PostgreSQL."""
        return DIALECT

    @property
    def statements(self) -> int:
        """How many statements this loan has sent."""
        return self._statements

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        """Run a statement and return all its rows."""
        return self._asked(sql, params).fetchall()

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        """Run a statement and return its first row."""
        return self._asked(sql, params).fetchone()

    def run(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Run a statement and return how many rows it touched."""
        return self._execute(sql, params).rowcount

    def run_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run one statement for each parameter set, without waiting for each answer."""
        self._statements += 1
        try:
            with self._raw.cursor() as cursor:
                cursor.executemany(sql, params)
        except psycopg.Error as error:
            raise _translation(error) from error

    def abandon(self) -> None:
        """Roll back; a connection that is lost has done so by itself."""
        if not self._raw.closed:
            self._raw.rollback()

    def _asked(self, sql: str, params: Params) -> psycopg.Cursor[Row]:
        """The answer to a question, which is put again where it stood alone and was the victim of a deadlock.

        A table that is altered meanwhile can make one of a question over several tables.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                return self._execute(sql, params)
            except Conflict as conflict:
                alone = self._raw.info.transaction_status is TransactionStatus.IDLE
                if not alone or not isinstance(conflict.__cause__, errors.DeadlockDetected):
                    raise
        return self._execute(sql, params)

    def _execute(self, sql: str, params: Params) -> psycopg.Cursor[Row]:
        self._statements += 1
        try:
            return self._raw.execute(sql, params)
        except psycopg.Error as error:
            raise _translation(error) from error


def _translation(error: psycopg.Error) -> DatabaseError:
    message = str(error)
    match error:
        case errors.UniqueViolation():
            return UniqueClash(message, error.diag.constraint_name or "")
        case errors.ForeignKeyViolation():
            return ReferenceBroken(message)
        case errors.SerializationFailure() | errors.DeadlockDetected() | errors.LockNotAvailable():
            return Conflict(message)
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return Unavailable(message)
        case _:
            return DatabaseError(message)


def _sentence(error: psycopg.Error) -> str:
    return " ".join(str(error).split())
