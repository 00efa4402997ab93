"""Giving records that become parts of others the owner and department of their parents.

A step of a migration where a link that was a lookup is made a master_detail; in short transactions over a few
hundred rows, and picked up by the next run where it was cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.statement import compile_statement

if TYPE_CHECKING:
    from engine.database import Connection, Database, Dialect
    from engine.physical import Physical
    from engine.steps import Phase
    from engine.tables import ObjectTable
    from metadata.catalog import Field

BATCH = 500


def following(
    part: ObjectTable, parent: ObjectTable, link: Field, chosen: sa.ColumnElement[bool]
) -> sa.Update:
    """Sets the owner and department of the chosen parts to those of their parents."""
    above = parent.table.alias()
    reached = above.c.id == part.table.c[link.column]
    values = {n: sa.select(above.c[n]).where(reached).scalar_subquery() for n in ("owner", "department")}
    return sa.update(part.table).values(values).where(chosen)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FollowParents:
    """The records of `part` take the owner and department of those of `parent` that `link` leads to."""

    part: ObjectTable
    parent: ObjectTable
    link: Field
    phase: Phase = "values"
    alone: bool = True

    @property
    def table(self) -> str:
        return self.part.table.name

    def describe(self) -> str:
        return f"give the records of {self.table} the owners of {self.parent.table.name}"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002  (a step of data, not of the schema)
        return ()

    def done(self, physical: Physical) -> bool:  # noqa: ARG002  (only the rows can tell)
        return False

    def waiting(self, connection: Connection, physical: Physical) -> int:
        """How many records have another owner or department than their parent."""
        if not physical.has_column(self.table, self.link.column):
            return 0
        counted = sa.select(sa.func.count()).select_from(self._strays().subquery())
        found = compile_statement(counted, connection.dialect).row(connection)
        return int(found[0]) if found else 0

    def run(self, database: Database) -> int:
        """Follow all parents, in batches; return how many records changed."""
        chosen = self.part.table.c.id.in_(self._strays().limit(sa.literal_column(str(BATCH))))
        following_all = following(self.part, self.parent, self.link, chosen)
        statement = compile_statement(following_all, database.dialect)
        changed = 0
        while True:
            with database.write() as connection:
                count = statement.run(connection)
            if not count:
                return changed
            changed += count

    def _strays(self) -> sa.Select[tuple[object]]:
        part, parent = self.part.table.alias(), self.parent.table.alias()
        differ = (part.c[name].is_distinct_from(parent.c[name]) for name in ("owner", "department"))
        return (
            sa.select(part.c.id)
            .join_from(part, parent, parent.c.id == part.c[self.link.column])
            .where(sa.or_(*differ))
        )
