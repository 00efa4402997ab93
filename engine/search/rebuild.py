"""Documents of records that were there before: made where a field became searched, and when an admin asks.

Goes through an object's records, the bin's too, by their ids and writes the documents that are not what they
should be. Only these are written, in short transactions over a few hundred rows, in which the rows are read
again: readers and writers go on, a run that was cut off is picked up by the next, and one with nothing to do
writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import id_form
from engine.lists import gathered
from engine.search.documents import kept_tokens, write_documents
from engine.search.searched import searched_of
from engine.statement import among_ids, compile_statement, compile_text, id_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from engine.database import Connection, Database, Dialect
    from engine.fields.contract import Codec
    from engine.physical import Physical
    from engine.statement import Statement
    from engine.steps import Phase
    from engine.tables import ObjectTable
    from metadata.catalog import Field

BATCH = 500
_FIRST = "00000000-0000-0000-0000-000000000000"

_ORPHANS_SQLITE = """
    DELETE FROM s_search WHERE rowid IN (
        SELECT kept.id FROM s_search_content AS kept WHERE kept.c0 = :object
        AND NOT EXISTS (SELECT 1 FROM {table} AS row WHERE row.id = kept.c1) LIMIT :row_limit
    )
"""
_ORPHANS_POSTGRESQL = """
    DELETE FROM s_search WHERE object = :object AND record IN (
        SELECT record FROM s_search AS kept WHERE object = :object
        AND NOT EXISTS (SELECT 1 FROM {table} AS row WHERE row.id = kept.record) LIMIT :row_limit
    )
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MakeDocuments:
    """The documents of all records of an object."""

    target: ObjectTable
    phase: Phase = "values"
    alone: bool = True

    @property
    def table(self) -> str:
        return self.target.table.name

    def describe(self) -> str:
        names = ", ".join(each.field.name for each in searched_of(self.target.object).fields)
        return f"make the search index of {self.table} ({names})"

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

    def run(self, database: Database, told: Callable[[int], None] | None = None) -> int:
        """Write the documents that are not as they should be; returns how many.

        `told` hears how many records each batch has looked at.
        """
        making = _Making(target=self.target, dialect=database.dialect)
        return making.run(database, told or (lambda _: None))


def documents(connection: Connection, target: ObjectTable, ids: Sequence[str]) -> dict[str, str]:
    """The documents of some records as they should be, by id; one statement."""
    return _Making(target=target, dialect=connection.dialect).documents(connection, ids)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Making:
    """One run over the records of one object."""

    target: ObjectTable
    dialect: Dialect

    def run(self, database: Database, told: Callable[[int], None]) -> int:
        written = 0
        for ids, wrong in self._batches(database):
            if wrong:
                with database.write() as connection:
                    made = self.documents(connection, wrong, locking=True)
                    write_documents(connection, self.target.object, made)
                written += len(wrong)
            told(len(ids))
        return written + self._drop_orphans(database)

    def _batches(self, database: Database) -> Iterator[tuple[list[str], list[str]]]:
        """The ids of a batch, and of those the ones whose documents are wrong."""
        statement, encode = self._ids(), id_form(self.dialect).encode
        last = _FIRST
        while True:
            with database.read() as connection:
                ids = [
                    row[0] for row in statement.rows(connection, {"last": encode(last) if encode else last})
                ]
                kept = kept_tokens(connection, self.target.object, ids)
                right = self.documents(connection, [id_ for id_ in ids if id_ in kept])
            if not ids:
                return
            yield ids, [id_ for id_ in ids if id_ not in right or kept[id_] != set(right[id_].split())]
            last = ids[-1]

    def documents(
        self, connection: Connection, ids: Sequence[str], *, locking: bool = False
    ) -> dict[str, str]:
        """See the function of that name."""
        if not ids:
            return {}
        what = searched_of(self.target.object)
        names = [each.field.name for each in what.fields]
        rows = self._values(locking=locking).rows(connection, {"ids": id_list(ids, self.dialect)})
        return {row[0]: what.document(dict(zip(names, row[1:], strict=True))) for row in rows}

    def _values(self, *, locking: bool) -> Statement:
        """Reads the searched values of the records `ids`."""
        table, dialect = self.target.table, self.dialect
        columns: list[Any] = [table.c.id]
        decoders: list[Any] = [id_form(dialect).decode]
        for each in searched_of(self.target.object).fields:
            column, decode = self._value(each.field)
            columns.append(column.label(f"v{len(columns)}"))
            decoders.append(decode)
        rows = sa.select(*columns).where(among_ids(table.c.id, "ids", dialect)).order_by(table.c.id)
        locked = rows.with_for_update(of=table) if locking and not dialect.sqlite else rows
        return compile_statement(locked, dialect, decoders)

    def _value(self, field: Field) -> tuple[sa.ColumnElement[Any], Codec | None]:
        if field.many:
            return gathered(self.target.lists[field.name], self.target.table.c.id, self.dialect)
        kept = self.target.kept[field.name].value
        return kept.column, kept.stored.decode

    def _ids(self) -> Statement:
        table, form = self.target.table, id_form(self.dialect)
        last = sa.bindparam("last", type_=form.type)
        ids = sa.select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(BATCH)
        return compile_statement(ids, self.dialect, [form.decode])

    def _drop_orphans(self, database: Database) -> int:
        """Documents without a record."""
        quote = self.dialect.sa_dialect.identifier_preparer.quote
        text = _ORPHANS_SQLITE if self.dialect.sqlite else _ORPHANS_POSTGRESQL
        statement = compile_text(text.format(table=quote(self.target.table.name)), self.dialect)
        params = {"object": self.target.object.id, "row_limit": BATCH}
        dropped = 0
        while True:
            with database.write() as connection:
                gone = statement.run(connection, params)
            if gone <= 0:
                return dropped
            dropped += gone
