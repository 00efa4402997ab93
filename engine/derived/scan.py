"""All live records of an object, some hundred at a time: what is stored of a group, and what is right.

Used by the repair and by the filling of new fields. Where values are written, each batch is a transaction in
which its records are locked first, so that people work on meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.codec import id_form
from engine.derived.computing import computing
from engine.derived.locking import Locks
from engine.derived.storing import write_searched, write_values
from engine.statement import Statement, compile_statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.database import Connection, Database
    from engine.derived.computing import Found
    from engine.derived.graph import Group
    from engine.release import Release

BATCH = 500
_FIRST = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scan:
    """One group of one database; `given` are the parameters of formulas."""

    release: Release
    database: Database
    group: Group
    given: Mapping[str, object]

    def wrong(self) -> Iterator[Found]:
        """The records whose values are not right; writes nothing."""
        for ids in self._batches():
            with self.database.read() as connection:
                yield from self._wrong(connection, ids)

    def put_right(self, told: Callable[[Connection, Sequence[Found]], None]) -> int:
        """Write the right values, return of how many records; `told` hears of each batch within its write."""
        written = 0
        for ids in self._batches():
            with self.database.write() as connection:
                locks = Locks(self.release, connection)
                locks.take(self.group.object, ids)
                locks.share(self.group, ids)
                if wrong := self._wrong(connection, ids):
                    write_values(self.release, connection, self.group, wrong)
                    write_searched(self.release, connection, self.group, wrong)
                    told(connection, wrong)
                written += len(wrong)
        return written

    def _wrong(self, connection: Connection, ids: Sequence[str]) -> list[Found]:
        found = computing(self.release, self.group).found(connection, self.given, ids)
        return [each for each in found if each.wrong]

    def _batches(self) -> Iterator[list[str]]:
        statement, encode = self._ids(), id_form(self.release.dialect).encode
        last = _FIRST
        while True:
            with self.database.read() as connection:
                given = {"last": encode(last) if encode else last}
                ids = [row[0] for row in statement.rows(connection, given)]
            if not ids:
                return
            yield ids
            last = ids[-1]

    def _ids(self) -> Statement:
        table, form = self.release.tables[self.group.object.id].table, id_form(self.release.dialect)
        last = sa.bindparam("last", type_=form.type)
        rows = sa.select(table.c.id).where(table.c.id > last, table.c.deleted_at.is_(None))
        return compile_statement(rows.order_by(table.c.id).limit(BATCH), self.release.dialect, [form.decode])
