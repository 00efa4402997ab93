"""Where a file is or ever was: the records and fields that a save put it into.

A use is written once and stays while the record, or its journal, can still bring the file back; the clean-up
ends it (`cleanup.py`). It opens nothing by itself: whoever wants the file by it has to be able to read it
there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.codec import id_form, text_form
from engine.statement import Statement, among_ids, compile_statement, compile_text, id_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.database import Connection, Dialect
    from engine.release import Release

_INSERT = (
    "INSERT INTO s_file_use (file, object, record, field) VALUES (:file, :object, :record, :field)"
    " ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A file in a field of a record: ids of all four."""

    file: str
    object: str
    record: str
    field: str


def write_uses(connection: Connection, release: Release, uses: Sequence[Use]) -> None:
    """Note where files are put; what is noted already stays."""
    identity = id_form(release.dialect).encode or str
    statement = release.statements.get(("use",), lambda: compile_text(_INSERT, release.dialect))
    rows: list[dict[str, object]] = [
        {
            "file": identity(each.file),
            "object": each.object,
            "record": identity(each.record),
            "field": each.field,
        }
        for each in uses
    ]
    if len(rows) == 1:
        statement.run(connection, rows[0])
    elif rows:
        connection.run_many(statement.text, rows)


def uses_of(connection: Connection, release: Release, files: Iterable[str]) -> tuple[Use, ...]:
    """Where some files are or were, by their ids."""
    wanted, dialect = sorted(set(files)), release.dialect
    if not wanted:
        return ()
    statement = release.statements.get(("uses",), lambda: _reading(dialect))
    rows = statement.rows(connection, {"ids": id_list(wanted, dialect)})
    return tuple(Use(file=row[0], object=row[1], record=row[2], field=row[3]) for row in rows)


def _reading(dialect: Dialect) -> Statement:
    identity, text = id_form(dialect), text_form(dialect)
    forms = {"file": identity, "object": text, "record": identity, "field": text}
    table = sa.table("s_file_use", *(sa.column(name, form.type) for name, form in forms.items()))
    rows = sa.select(*table.c).where(among_ids(table.c.file, "ids", dialect)).order_by(*table.c)
    return compile_statement(rows, dialect, [form.decode for form in forms.values()])
