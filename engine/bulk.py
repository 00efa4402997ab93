"""Many rows of one table in one statement: INSERT, UPDATE and DELETE, one text whatever the number of rows.

SQLite runs a prepared statement once a row inside one call. PostgreSQL takes all rows as one JSON document
and unfolds it: one round trip, one text, and several times faster than an array per column. Rows are mappings
in the database's form; names are quoted, values are parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from engine.database import Connection, Dialect


_ROWS = "rows"
_JSON = msgspec.json.Encoder(decimal_format="number")  # numbers stay exact


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bulk:
    """A statement for rows that all have the same columns. `one` serves a single row, `many` several."""

    columns: tuple[str, ...]
    one: str
    many: str
    json: bool

    def run(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Write all rows; none sends nothing."""
        if len(rows) == 1:
            connection.run(self.one, rows[0])
        elif rows and self.json:
            connection.run(self.many, {_ROWS: _JSON.encode(rows).decode()})
        elif rows:
            connection.run_many(self.many, rows)


def bulk_insert(table: sa.Table, names: Sequence[str], dialect: Dialect) -> Bulk:
    """Return what inserts rows with the columns `names` (physical names) into `table`."""
    spelled = _Spelling(table, dialect)
    target = f"INSERT INTO {spelled.table} ({', '.join(map(spelled.name, names))})"
    one = f"{target} VALUES ({', '.join(map(spelled.value, names))})"
    many = one if dialect.sqlite else f"{target} SELECT * FROM {spelled.records(names)}"  # noqa: S608
    return Bulk(columns=tuple(names), one=one, many=many, json=not dialect.sqlite)


def bulk_update(table: sa.Table, names: Sequence[str], dialect: Dialect, key: str = "id") -> Bulk:
    """Return what sets the columns `names` of the rows of `table` whose `key` column is given."""
    spelled = _Spelling(table, dialect)
    row_key = f"{spelled.table}.{spelled.name(key)}"
    settings = ", ".join(f"{spelled.name(name)} = {spelled.value(name)}" for name in names)
    one = f"UPDATE {spelled.table} SET {settings} WHERE {row_key} = {spelled.value(key)}"  # noqa: S608
    given = [key, *names]
    unfolded = ", ".join(f"{spelled.name(name)} = given.{spelled.name(name)}" for name in names)
    many = (
        f"UPDATE {spelled.table} SET {unfolded} FROM {spelled.records(given)} "  # noqa: S608
        f"WHERE {row_key} = given.{spelled.name(key)}"
    )
    return Bulk(columns=tuple(given), one=one, many=one if dialect.sqlite else many, json=not dialect.sqlite)


def bulk_delete(table: sa.Table, names: Sequence[str], dialect: Dialect) -> Bulk:
    """Return what deletes the rows of `table` that have the values given for the columns `names`."""
    spelled = _Spelling(table, dialect)
    places = [f"{spelled.table}.{spelled.name(name)}" for name in names]
    same = " AND ".join(f"{place} = {spelled.value(name)}" for place, name in zip(places, names, strict=True))
    one = f"DELETE FROM {spelled.table} WHERE {same}"  # noqa: S608
    met = " AND ".join(f"{at} = given.{spelled.name(name)}" for at, name in zip(places, names, strict=True))
    many = f"DELETE FROM {spelled.table} USING {spelled.records(names)} WHERE {met}"  # noqa: S608
    return Bulk(columns=tuple(names), one=one, many=one if dialect.sqlite else many, json=not dialect.sqlite)


class _Spelling:
    """How names, types and parameters of one table are written in one dialect."""

    def __init__(self, table: sa.Table, dialect: Dialect) -> None:
        self._columns = table.columns
        self._dialect = dialect
        self._quote = dialect.sa_dialect.identifier_preparer.quote
        self.table = self._quote(table.name)

    def name(self, name: str) -> str:
        return self._quote(name)

    def value(self, name: str) -> str:
        return f":{name}" if self._dialect.sqlite else f"CAST(%({name})s AS {self._type(name)})"

    def records(self, names: Sequence[str]) -> str:
        columns = ", ".join(f"{self.name(name)} {self._type(name)}" for name in names)
        return f"json_to_recordset(CAST(%({_ROWS})s AS json)) AS given({columns})"

    def _type(self, name: str) -> str:
        type_: Any = self._columns[name].type
        written: str = type_.compile(self._dialect.sa_dialect)
        return written.partition(" COLLATE ")[0]
