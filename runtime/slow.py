"""Statements that took long are logged with the digest of their text and their plan; no value gets in.

A database is wrapped, so that nobody else need know. The plan is asked for when the connection has been given
back, on another one: to explain inside a transaction could break it. Wrapping costs a statement less than a
microsecond.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.database import DatabaseError
from engine.statement import NO_PARAMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from engine.database import Connection, Database, Dialect, Params, Row
    from runtime.log import Log

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN (FORMAT JSON) "}
EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
DIGEST_LETTERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """A statement that took longer than it should."""

    sql: str
    params: Params
    seconds: float

    @property
    def digest(self) -> str:
        """What the statement is called in the log: the same text has the same digest everywhere."""
        return hashlib.sha256(self.sql.encode()).hexdigest()[:DIGEST_LETTERS]


class TimedDatabase:
    """A database whose statements are timed; those over `least` seconds are told to `tell` after the loan."""

    def __init__(self, database: Database, least: float, tell: Callable[[Slow], None]) -> None:
        self._database = database
        self._least = least
        self._tell = tell

    @property
    def dialect(self) -> Dialect:
        """The kind of database this is."""
        return self._database.dialect

    def read(self) -> AbstractContextManager[Connection]:
        """Lend a connection outside a transaction."""
        return _Loan(self._database.read(), self._least, self._tell)

    def write(self) -> AbstractContextManager[Connection]:
        """Lend a connection inside a transaction."""
        return _Loan(self._database.write(), self._least, self._tell)

    def bare(self) -> AbstractContextManager[Connection]:
        """Lend a writing connection outside a transaction."""
        return _Loan(self._database.bare(), self._least, self._tell)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()


class _Loan:
    """The loan of a timed connection."""

    __slots__ = ("_least", "_loan", "_slow", "_tell")

    def __init__(
        self, loan: AbstractContextManager[Connection], least: float, tell: Callable[[Slow], None]
    ) -> None:
        self._loan = loan
        self._least = least
        self._tell = tell
        self._slow: list[Slow] = []

    def __enter__(self) -> Connection:
        return TimedConnection(self._loan.__enter__(), self._least, self._slow)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        try:
            return self._loan.__exit__(kind, error, trace)
        finally:
            for slow in self._slow:
                self._tell(slow)


class TimedConnection:
    """A loan of one connection, which writes down what took long."""

    __slots__ = ("_inner", "_least", "_slow")

    def __init__(self, inner: Connection, least: float, slow: list[Slow]) -> None:
        self._inner = inner
        self._least = least
        self._slow = slow

    @property
    def dialect(self) -> Dialect:
        """The kind of database at the other end."""
        return self._inner.dialect

    @property
    def statements(self) -> int:
        """How many statements this loan has sent."""
        return self._inner.statements

    def rows(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        """Run a statement and return all its rows."""
        begun = time.perf_counter()
        found = self._inner.rows(sql, params)
        self._note(sql, params, begun)
        return found

    def row(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        """Run a statement and return its first row."""
        begun = time.perf_counter()
        found = self._inner.row(sql, params)
        self._note(sql, params, begun)
        return found

    def run(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Run a statement and return how many rows it touched."""
        begun = time.perf_counter()
        touched = self._inner.run(sql, params)
        self._note(sql, params, begun)
        return touched

    def run_many(self, sql: str, params: Sequence[Params]) -> None:
        """Run a statement for each parameter set; together they are one statement here."""
        begun = time.perf_counter()
        self._inner.run_many(sql, params)
        self._note(sql, params[0] if params else NO_PARAMS, begun)

    def _note(self, sql: str, params: Params, begun: float) -> None:
        seconds = time.perf_counter() - begun
        if seconds >= self._least:
            self._slow.append(Slow(sql=sql, params=params, seconds=seconds))


def timed(database: Database, milliseconds: int, log: Log, tenant: str) -> Database:
    """The database, its slow statements logged; 0 milliseconds log none."""
    if not milliseconds:
        return database

    def tell(slow: Slow) -> None:
        log.warning(
            "slow statement",
            tenant=tenant,
            ms=round(slow.seconds * 1000, 1),
            statement=slow.digest,
            plan=plan_of(database, slow),
        )

    return TimedDatabase(database, milliseconds / 1000, tell)


def plan_of(database: Database, slow: Slow) -> list[str]:
    """How the database goes about a statement: one line a step, with tables and indexes and without values.

    Empty for a statement that has no plan, or whose plan cannot be had any more.
    """
    if not slow.sql.lstrip().upper().startswith(EXPLAINED):
        return []
    try:
        with database.read() as connection:
            found = connection.rows(EXPLAIN[connection.dialect.name] + slow.sql, slow.params)
    except DatabaseError:
        return []
    if database.dialect.sqlite:
        return [str(detail) for _, _, _, detail in found]
    return _steps(found[0][0][0]["Plan"], 0)


def _steps(node: dict[str, Any], depth: int) -> list[str]:
    """PostgreSQL's plan as lines; its conditions are left out, as they have the values in them."""
    names = (node.get(key, "") for key in ("Node Type", "Relation Name", "Index Name"))
    line = "  " * depth + " ".join(filter(None, names)) + f" (about {node['Plan Rows']} rows)"
    return [line, *(step for inner in node.get("Plans", ()) for step in _steps(inner, depth + 1))]
