"""Filling a column that follows from another one – a sort key, a part – for rows that were there before it.

Runs when the column exists and before the Release that reads it serves; and once more after it does, for rows
that the old Release wrote in between. Short transactions over a few hundred rows: readers and writers go on,
and a run that was cut off is picked up by the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.bulk import bulk_update
from engine.codec import id_form
from engine.statement import compile_statement

if TYPE_CHECKING:
    from engine.database import Connection, Database, Dialect
    from engine.physical import Physical
    from engine.statement import Statement
    from engine.steps import Phase
    from engine.tables import KeptColumn, KeptField

BATCH = 500
_FIRST = "00000000-0000-0000-0000-000000000000"


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
        filled, last = 0, _FIRST
        while True:
            looked_at, made = self._batch(database, last)
            if not looked_at:
                return filled
            filled, last = filled + made, looked_at[-1]

    def _batch(self, database: Database, last: str) -> tuple[list[str], int]:
        """The ids looked at after `last`, and how many rows were filled: of some values nothing follows."""
        encode, name = id_form(database.dialect).encode, self.column.column.name
        with database.write() as connection:
            after = {"last": encode(last) if encode else last}
            rows = self._selected(database.dialect).rows(connection, after)
            made = [self._row(encode(id_) if encode else id_, raw) for id_, raw in rows]
            filled = [row for row in made if row[name] is not None]
            bulk_update(self._table, [name], database.dialect).run(connection, filled)
        return [id_ for id_, _ in rows], len(filled)

    def _selected(self, dialect: Dialect) -> Statement:
        table, form = self._table, id_form(dialect)
        after = table.c.id > sa.bindparam("last", type_=form.type)
        wanted = sa.select(table.c.id, self.kept.value.column).where(self._open(), after)
        wanted = wanted.order_by(table.c.id).limit(BATCH)
        locked = wanted if dialect.sqlite else wanted.with_for_update()
        return compile_statement(locked, dialect, [form.decode, None])

    def _row(self, identity: object, raw: Any) -> dict[str, object]:
        value, follow = self.kept.value.stored, self.column.stored
        held = value.decode(raw) if value.decode else raw
        derived = follow.derive(held) if follow.derive else held
        coded = follow.encode(derived) if follow.encode and derived is not None else derived
        return {"id": identity, self.column.column.name: coded}

    def _open(self) -> sa.ColumnElement[bool]:
        return sa.and_(self.column.column.is_(None), self.kept.value.column.is_not(None))

    @property
    def _table(self) -> sa.Table:
        table = self.column.column.table
        assert isinstance(table, sa.Table)
        return table
