"""Filling a column that follows from another one, such as a sort key, for rows that were there before it.

Runs when the column exists and before the Release that reads it serves; and once more after it does, for rows
that the old Release wrote in between. Short transactions over a few hundred rows: readers and writers go on,
and a run that was cut off is picked up by the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.bulk import bulk_update
from engine.statement import compile_statement

if TYPE_CHECKING:
    from engine.database import Connection, Database, Dialect
    from engine.physical import Physical
    from engine.steps import Phase
    from engine.tables import KeptColumn, KeptField

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backfill:
    """A column to fill from its field's value, where that is not blank and the column still is."""

    kept: KeptField
    column: KeptColumn
    phase: Phase = "values"
    alone: bool = True

    @property
    def table(self) -> str:
        return self.column.field.object.table

    def describe(self) -> str:
        return f"fill {self.table}.{self.column.column.name} from {self.kept.value.column.name}"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002  (a step of data, not of the schema)
        return ()

    def done(self, physical: Physical) -> bool:  # noqa: ARG002  (only the rows can tell)
        return False

    def waiting(self, connection: Connection, physical: Physical) -> int:
        """How many rows are to be filled; before the column exists, all that have a value."""
        exists = physical.has_column(self.table, self.column.column.name)
        rule = self._open() if exists else self.kept.value.column.is_not(None)
        counted = sa.select(sa.func.count()).select_from(self._table).where(rule)
        found = compile_statement(counted, connection.dialect).row(connection)
        return int(found[0]) if found else 0

    def run(self, database: Database) -> int:
        """Fill all rows, in batches; return how many."""
        filled = 0
        while count := self._batch(database):
            filled += count
        return filled

    def _batch(self, database: Database) -> int:
        with database.write() as connection:
            rows = connection.rows(*self._selected(database.dialect))
            update = bulk_update(self._table, [self.column.column.name], database.dialect)
            update.run(connection, [self._row(*row) for row in rows])
        return len(rows)

    def _selected(self, dialect: Dialect) -> tuple[str, dict[str, object]]:
        table = self._table
        wanted = sa.select(table.c.id, self.kept.value.column).where(self._open()).limit(BATCH)
        statement = compile_statement(wanted if dialect.sqlite else wanted.with_for_update(), dialect)
        return statement.text, dict(statement.constants)

    def _row(self, identity: object, raw: Any) -> dict[str, object]:
        value, follow = self.kept.value.stored, self.column.stored
        held = value.decode(raw) if value.decode else raw
        derived = follow.derive(held) if follow.derive else held
        return {"id": identity, self.column.column.name: follow.encode(derived) if follow.encode else derived}

    def _open(self) -> sa.ColumnElement[bool]:
        return sa.and_(self.column.column.is_(None), self.kept.value.column.is_not(None))

    @property
    def _table(self) -> sa.Table:
        table = self.column.column.table
        assert isinstance(table, sa.Table)
        return table
