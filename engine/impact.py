"""What a migration means for the data that is there: rows touched, values in the way, time under lock.

Read before anything is performed, by `strata plan` and the publish page. What it predicts must come true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.backfill import Backfill
from engine.derived.filling import FillDerived
from engine.lists import ListTable
from engine.matching.rebuild import MakeKeys
from engine.numbering import NumberRecords
from engine.parentage import FollowParents
from engine.physical import Physical, read_physical
from engine.search.rebuild import MakeDocuments
from engine.statement import compile_statement
from engine.steps import AddIndex
from engine.tables import KeptField

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.database import Connection
    from engine.steps import MigrationStep
    from engine.tables import ObjectTable

EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """One step and its consequences.

    `rows` is how many rows are read to build an index, `rewritten` how many get a value that follows from
    another. `examples` are values of live rows that stand in the way: with any, performing is refused.
    `lacking` is how many live rows have no value where one becomes required; nothing refuses them.
    """

    text: str
    rows: int = 0
    rewritten: int = 0
    examples: tuple[str, ...] = ()
    lacking: int = 0

    def describe(self) -> str:
        """One line of the plan."""
        parts = [self.text]
        if self.rows:
            parts.append(f"reads {self.rows:,} rows")
        if self.rewritten:
            parts.append(f"rewrites {self.rewritten:,} rows")
        if self.lacking:
            parts.append(f"{self.lacking:,} {'record has' if self.lacking == 1 else 'records have'} no value")
        if self.examples:
            parts.append(f"REFUSED: not unique, such as {', '.join(self.examples)}")
        return "; ".join(parts)


def impact(steps: Sequence[MigrationStep], connection: Connection) -> tuple[Impact, ...]:
    """Return what each step that is still to be done will do, in their order."""
    physical = read_physical(connection)
    waiting = (step for step in steps if not step.done(physical))
    impacts = (_impact(step, connection, physical) for step in waiting)
    return tuple(found for found in impacts if found)


def tightened(
    old: Mapping[str, ObjectTable], new: Mapping[str, ObjectTable], connection: Connection
) -> tuple[Impact, ...]:
    """The fields of objects there are that become required while records have no value; nothing is done."""
    physical = read_physical(connection)
    return tuple(
        Impact(text=f"require {kept.field.object.name}.{kept.field.name}", lacking=lacking)
        for id_, table in new.items()
        for kept in _fields(table)
        if id_ in old and kept.field.required and not _required(old[id_], kept.field.id)
        if (lacking := _lacking(kept, connection, physical))
    )


def _required(table: ObjectTable, field: str) -> bool:
    return any(kept.field.required for kept in _fields(table) if kept.field.id == field)


def _fields(table: ObjectTable) -> Iterator[KeptField | ListTable]:
    yield from table.kept.values()
    yield from table.lists.values()


def _lacking(kept: KeptField | ListTable, connection: Connection, physical: Physical) -> int:
    """How many live rows have no value of a field, whose column or table may not be there yet."""
    if kept.field.object.table not in physical.columns:
        return 0
    blank = kept.field.column if isinstance(kept, KeptField) else "id"
    table = sa.table(kept.field.object.table, sa.column(blank), sa.column("deleted_at"))
    counted = sa.select(sa.func.count()).select_from(table).where(table.c.deleted_at.is_(None))
    if isinstance(kept, KeptField) and physical.has_column(table.name, blank):
        counted = counted.where(table.c[blank].is_(None))
    elif isinstance(kept, ListTable) and kept.table.name in physical.columns:
        counted = counted.where(table.c.id.not_in(sa.select(kept.table.c.record)))
    found = compile_statement(counted, connection.dialect).row(connection)
    return int(found[0]) if found else 0


def _impact(step: MigrationStep, connection: Connection, physical: Physical) -> Impact | None:
    """None when there is nothing to do."""
    text = step.describe()
    match step:
        case Backfill() | NumberRecords() | FollowParents() | MakeDocuments() | MakeKeys() | FillDerived():
            rewritten = step.waiting(connection, physical)
            return Impact(text=text, rewritten=rewritten) if rewritten else None
        case AddIndex() if all(physical.has_column(step.table, name) for name in step.index.columns):
            examples = _duplicates(step, connection) if step.index.unique else ()
            return Impact(text=text, rows=_count(step, connection), examples=examples)
        case _:
            return Impact(text=text) if step.sql(connection.dialect) else None


def _count(step: AddIndex, connection: Connection) -> int:
    counted = sa.select(sa.func.count()).select_from(sa.table(step.table))
    found = compile_statement(counted, connection.dialect).row(connection)
    return int(found[0]) if found else 0


def _duplicates(step: AddIndex, connection: Connection) -> tuple[str, ...]:
    names = step.index.columns
    table = sa.table(step.table, *(sa.column(name) for name in names), sa.column("deleted_at"))
    values = [table.c[name] for name in names]
    grouped = (
        sa.select(*values)
        .where(table.c.deleted_at.is_(None), *(value.is_not(None) for value in values))
        .group_by(*values)
        .having(sa.func.count() > sa.literal_column("1"))
        .order_by(*values)
        .limit(EXAMPLES)
    )
    rows = compile_statement(grouped, connection.dialect).rows(connection)
    return tuple(", ".join(f"“{value}”" for value in row) for row in rows)
