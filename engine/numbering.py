"""Numbering records that were there before their object got a number, in the order in which they were made.

A step of a migration, in short transactions over a few hundred rows, and picked up by the next run where it
was cut off: who has a number keeps it. The bin is numbered too, as records come back from there. The numbers
bear the day on which a record was made. The journal is not told, as no value of a writer changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.bulk import bulk_update
from engine.codec import datetime_form
from engine.organisation import read_organisation
from engine.series import give, series_name
from engine.statement import compile_statement
from metadata.system import DEPARTMENT

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.database import Connection, Database, Dialect
    from engine.pattern import Pattern
    from engine.physical import Physical
    from engine.steps import Phase
    from engine.tables import KeptField

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumberRecords:
    """A numbered field to fill where it is blank."""

    kept: KeptField
    pattern: Pattern
    phase: Phase = "values"
    alone: bool = True

    @property
    def table(self) -> str:
        return self.kept.field.object.table

    def describe(self) -> str:
        return f"number the records of {self.table} in {self.kept.value.column.name}"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002  (a step of data, not of the schema)
        return ()

    def done(self, physical: Physical) -> bool:  # noqa: ARG002  (only the rows can tell)
        return False

    def waiting(self, connection: Connection, physical: Physical) -> int:
        """How many records are to be numbered; before the column exists, all of them."""
        if self.table not in physical.columns:
            return 0
        counted = sa.select(sa.func.count()).select_from(self._table)
        if physical.has_column(self.table, self.kept.value.column.name):
            counted = counted.where(self.kept.value.column.is_(None))
        found = compile_statement(counted, connection.dialect).row(connection)
        return int(found[0]) if found else 0

    def run(self, database: Database) -> int:
        """Number all records, in batches; return how many."""
        with database.read() as connection:
            zone = ZoneInfo(read_organisation(connection).globals["$org.time_zone"] or "UTC")
        numbered = 0
        while count := self._batch(database, zone):
            numbered += count
        return numbered

    def _batch(self, database: Database, zone: tzinfo) -> int:
        dialect = database.dialect
        with database.write() as connection:
            rows = self._selected(connection)
            if not rows:
                return 0
            series = series_name(self.kept)
            frames = [
                (series, self.pattern.frame(made.astimezone(zone).date(), code)) for _, made, code in rows
            ]
            wanted = Counter(frames)
            found = give(connection, wanted, gap_free=self.pattern.gap_free)
            following = {frame: iter(numbers) for frame, numbers in found.items()}
            update = bulk_update(self._table, [self.kept.value.column.name], dialect)
            numbers = []
            for (identity, *_), frame in zip(rows, frames, strict=True):
                number = self.pattern.number(frame[1], next(following[frame]))
                numbers.append({"id": identity, self.kept.value.column.name: number})
            update.run(connection, numbers)
        return len(rows)

    def _selected(self, connection: Connection) -> list[tuple[Any, ...]]:
        """Ids in the database's form, when the records were made, and the codes of their departments."""
        table, dialect = self._table, connection.dialect
        wanted = (
            sa.select(table.c.id, table.c.created_at, self._code())
            .where(self.kept.value.column.is_(None))
            .order_by(table.c.created_at, table.c.id)
            .limit(BATCH)
        )
        locked = wanted if dialect.sqlite else wanted.with_for_update()
        return compile_statement(locked, dialect, [None, datetime_form(dialect).decode, None]).rows(
            connection
        )

    def _code(self) -> sa.ColumnElement[Any]:
        """The code of the record's department, where numbers tell it."""
        department = self.kept.field.object.fields[DEPARTMENT].target
        code = department.fields.get("code") if department else None
        if department is None or code is None or not self.pattern.departmental:
            return sa.cast(sa.null(), sa.TEXT())
        table = sa.table(department.table, sa.column("id"), sa.column(code.column))
        found = sa.select(table.c[code.column]).where(table.c.id == self._table.c.department)
        return found.correlate(self._table).scalar_subquery()

    @property
    def _table(self) -> sa.Table:
        table = self.kept.value.column.table
        assert isinstance(table, sa.Table)
        return table
