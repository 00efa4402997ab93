"""Match keys of records that were there before: made where a rule starts to compare what it did not.

Goes through an object's records by their ids, the bin's too, and writes the keys that are not what they
should be, in short transactions over a few hundred rows: readers and writers go on, a run that was cut off is
picked up by the next, and one with nothing to do writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import id_form
from engine.lists import gathered
from engine.matching.check import record_keys, watched_of
from engine.matching.kept import forgetting, keeping, kept_keys
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.database import Connection, Database, Dialect
    from engine.matching.check import Watched
    from engine.physical import Physical
    from engine.steps import Phase
    from engine.tables import ObjectTable
    from metadata.catalog import ObjectType

BATCH = 500
_FIRST = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MakeKeys:
    """The match keys of all records of an object, by the rules of all `objects`."""

    target: ObjectTable
    objects: tuple[ObjectType, ...]
    phase: Phase = "values"
    alone: bool = True

    @property
    def table(self) -> str:
        return self.target.table.name

    def describe(self) -> str:
        return f"make the match keys of {self.table} ({', '.join(sorted(self._watched.fields))})"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002  (a step of data, not of the schema)
        return ()

    def done(self, physical: Physical) -> bool:  # noqa: ARG002  (only the rows can tell)
        return False

    def waiting(self, connection: Connection, physical: Physical) -> int:
        """How many records there are."""
        if self.table not in physical.columns:
            return 0
        counted = sa.select(sa.func.count()).select_from(self.target.table)
        found = compile_statement(counted, connection.dialect).row(connection)
        return int(found[0]) if found else 0

    def run(self, database: Database) -> int:
        """Write the keys that are not as they should be; returns of how many records."""
        written, last = 0, _FIRST
        while True:
            with database.read() as connection:
                ids = self._ids(connection, last)
                wrong = self._wrong(connection, ids)
            if not ids:
                return written
            if wrong:
                with database.write() as connection:
                    self._write(connection, list(wrong))
            written, last = written + len(wrong), ids[-1]

    @property
    def _watched(self) -> Watched:
        return watched_of(self.objects, self.target.object)

    def _ids(self, connection: Connection, last: str) -> list[str]:
        table, form = self.target.table, id_form(connection.dialect)
        after = table.c.id > sa.bindparam("last", type_=form.type)
        ids = sa.select(table.c.id).where(after).order_by(table.c.id).limit(BATCH)
        statement = compile_statement(ids, connection.dialect, [form.decode])
        found = statement.rows(connection, {"last": form.encode(last) if form.encode else last})
        return [row[0] for row in found]

    def _wrong(self, connection: Connection, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """The records whose keys are not as they should be."""
        if not ids:
            return {}
        kept = kept_keys(connection, self.target.object.id, ids)
        right = self._keys(connection, ids)
        return {id_: keys for id_, keys in right.items() if keys != kept.get(id_, frozenset())}

    def _write(self, connection: Connection, ids: Sequence[str]) -> None:
        """Read the records again, now locked, and write their keys."""
        keys, name = self._keys(connection, ids, locking=True), self.target.object.id
        forgetting(connection.dialect).run(
            connection, {"object": name, "records": id_list(keys, connection.dialect)}
        )
        keeping(connection, name, keys)

    def _keys(
        self, connection: Connection, ids: Sequence[str], *, locking: bool = False
    ) -> dict[str, frozenset[str]]:
        plan, names = self._watched, sorted(self._watched.fields)
        statement = self._values(connection.dialect, names, locking=locking)
        rows = statement.rows(connection, {"ids": id_list(ids, connection.dialect)})
        return {row[0]: record_keys(plan, dict(zip(names, row[1:], strict=True))) for row in rows}

    def _values(self, dialect: Dialect, names: Sequence[str], *, locking: bool) -> Statement:
        table = self.target.table
        columns: list[Any] = [table.c.id]
        decoders: list[Any] = [id_form(dialect).decode]
        for name in names:
            if name in self.target.lists:
                column, decode = gathered(self.target.lists[name], table.c.id, dialect)
            else:
                kept = self.target.kept[name].value
                column, decode = kept.column, kept.stored.decode  # type: ignore[assignment]
            columns.append(column.label(f"v{len(columns)}"))
            decoders.append(decode)
        rows = sa.select(*columns).where(among_ids(table.c.id, "ids", dialect)).order_by(table.c.id)
        locked = rows.with_for_update(of=table) if locking and not dialect.sqlite else rows
        return compile_statement(locked, dialect, decoders)
