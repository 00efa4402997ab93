"""The two databases as the floor uses them: a driver's connection, and how the tables keep values.

The forms are those of the product's columns; nothing of the product is imported, so that its cost cannot leak
into the floor.
"""

from __future__ import annotations

import re
import sqlite3
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, cast

from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psycopg import Connection

Decoders = tuple[tuple[int, "Callable[[Any], Any]"], ...]
_NAMED = re.compile(r":(\w+)")


class Store(Protocol):
    """Statements with named parameters (`:name`) and the forms in which values are kept."""

    def rows(self, statement: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Read."""

    def write(self, statement: str, params: Mapping[str, object]) -> object:
        """Change one row in a transaction of its own; return the first value of RETURNING, if any."""

    def write_many(self, statement: str, params: Sequence[Mapping[str, object]]) -> None:
        """Insert many rows in one transaction."""

    def id(self, text: str) -> object:
        """An id as it is kept."""

    def text(self, kept: object) -> str:
        """A kept id as text."""

    def money(self, amount: float) -> object:
        """An amount with two digits behind the point, as it is kept."""

    def amount(self, kept: Any) -> Decimal:
        """A kept amount, exactly."""

    def date(self, text: str) -> object:
        """An ISO date as it is kept."""

    def now(self) -> object:
        """This instant as it is kept."""

    def decoders(self, forms: Sequence[str]) -> Decoders:
        """What turns kept values into those that JSON holds, by position; `forms` names id, money, …"""


class Sqlite:
    """One connection, durable at every commit, used by the event loop's thread alone."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            self._connection.execute(f"PRAGMA {pragma}")

    def rows(self, statement: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, params).fetchall()

    def write(self, statement: str, params: Mapping[str, object]) -> object:
        row = self._connection.execute(statement, params).fetchone()
        return row[0] if row else None

    def write_many(self, statement: str, params: Sequence[Mapping[str, object]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(statement, params)
        self._connection.execute("COMMIT")

    def id(self, text: str) -> object:
        return bytes.fromhex(text.replace("-", ""))

    def text(self, kept: object) -> str:
        text = cast("bytes", kept).hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def money(self, amount: float) -> object:
        return round(amount * 100)

    def amount(self, kept: Any) -> Decimal:
        return Decimal(kept).scaleb(-2)

    def date(self, text: str) -> object:
        return text

    def now(self) -> object:
        return time.time_ns() // 1000

    def decoders(self, forms: Sequence[str]) -> Decoders:
        known = {"id": self.text, "money": self.amount, "instant": _instant}
        return tuple((place, known[form]) for place, form in enumerate(forms) if form in known)


class Postgres:
    """A pool of connections, each with binary parameters and prepared statements as the driver makes them."""

    def __init__(self, url: str, schema: str) -> None:
        self._pool = ConnectionPool(url, min_size=8, max_size=8, open=True, configure=_configure(schema))
        self._texts: dict[str, bytes] = {}

    def rows(self, statement: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection:
            return connection.execute(self._text(statement), params).fetchall()

    def write(self, statement: str, params: Mapping[str, object]) -> object:
        with self._pool.connection() as connection:
            cursor = connection.execute(self._text(statement), params)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def write_many(self, statement: str, params: Sequence[Mapping[str, object]]) -> None:
        with self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(self._text(statement), params)

    def id(self, text: str) -> object:
        return text

    def text(self, kept: object) -> str:
        return cast("str", kept)

    def money(self, amount: float) -> object:
        return Decimal(str(amount))

    def amount(self, kept: Any) -> Decimal:
        return cast("Decimal", kept)

    def date(self, text: str) -> object:
        return date.fromisoformat(text)

    def now(self) -> object:
        return datetime.now(UTC)

    def decoders(self, forms: Sequence[str]) -> Decoders:  # noqa: ARG002  (the driver has done it)
        return ()

    def _text(self, statement: str) -> bytes:
        """The statement with the driver's own placeholders."""
        if statement not in self._texts:
            self._texts[statement] = _NAMED.sub(r"%(\1)s", statement).encode()
        return self._texts[statement]


def _configure(schema: str) -> Callable[[Connection[tuple[Any, ...]]], None]:
    def configure(connection: Connection[tuple[Any, ...]]) -> None:
        connection.autocommit = True
        connection.execute(f'SET search_path TO "{schema}"')
        connection.execute("SET TIME ZONE 'UTC'")
        connection.adapters.register_loader("uuid", TextLoader)

    return configure


def _instant(kept: int) -> datetime:
    return datetime.fromtimestamp(kept / 1_000_000, UTC)
