"""What a tenant's database has: its tables, columns, indexes and foreign keys, read from the database itself.

Migration asks it which steps are done already, so that a publication which was cut off can be run again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Connection

_SQLITE_COLUMNS = """
    SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'
"""
_SQLITE_INDEXES = "SELECT name FROM sqlite_master WHERE type = 'index'"

_PG_COLUMNS = """
    SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
    AND NOT a.attisdropped
"""
_PG_INDEXES = """
    SELECT c.relname FROM pg_class AS c JOIN pg_index AS i ON i.indexrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND i.indisvalid
"""
_PG_LINKS = """
    SELECT conname FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace AND contype = 'f'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Physical:
    """The names that exist. On SQLite foreign keys belong to their columns and are not listed."""

    columns: Mapping[str, frozenset[str]]
    indexes: frozenset[str]
    foreign_keys: frozenset[str]

    def has_column(self, table: str, column: str) -> bool:
        """Whether the table exists and has the column."""
        return column in self.columns.get(table, ())


def read_physical(connection: Connection) -> Physical:
    """Return what exists now, including changes of the connection's own transaction."""
    sqlite = connection.dialect.sqlite
    columns: dict[str, set[str]] = {}
    for table, column in connection.rows(_SQLITE_COLUMNS if sqlite else _PG_COLUMNS):
        columns.setdefault(table, set()).add(column)
    return Physical(
        columns={table: frozenset(names) for table, names in columns.items()},
        indexes=frozenset(row[0] for row in connection.rows(_SQLITE_INDEXES if sqlite else _PG_INDEXES)),
        foreign_keys=frozenset() if sqlite else frozenset(row[0] for row in connection.rows(_PG_LINKS)),
    )
