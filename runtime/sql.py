"""Statements of this room's own few tables, written once for both databases.

They name parameters as `:name`; PostgreSQL's driver wants `%(name)s`. Columns are text and whole numbers only
(times in microseconds since 1970, UTC), so no value needs a codec. Business tables are the engine's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.database import Connection, Params, Row

_PARAMETER = re.compile(r":(\w+)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def rows(connection: Connection, sql: str, /, **params: object) -> list[Row]:
    """All rows of a statement whose parameters are written `:name`."""
    return connection.rows(_spelled(connection, sql), params)


def row(connection: Connection, sql: str, /, **params: object) -> Row | None:
    """The first row, or None."""
    return connection.row(_spelled(connection, sql), params)


def run(connection: Connection, sql: str, /, **params: object) -> int:
    """Run a statement; return how many rows it touched."""
    return connection.run(_spelled(connection, sql), params)


def run_many(connection: Connection, sql: str, params: list[Params], /) -> None:
    """Run a statement once for each parameter set."""
    connection.run_many(_spelled(connection, sql), params)


def micros(instant: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(microseconds: int) -> datetime:
    """The aware datetime in UTC of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _spelled(connection: Connection, sql: str) -> str:
    return sql if connection.dialect.sqlite else _PARAMETER.sub(r"%(\1)s", sql)
