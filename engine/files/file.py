"""A file as the tenant knows it, and the statements that write and read the table of files.

Says nothing about who may have it: `linking.py` does for saves, `access.py` for readers. The bytes are in the
store under `digest`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.codec import datetime_form, id_form, text_form
from engine.statement import Statement, among_ids, compile_statement, compile_text, id_list

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engine.database import Connection, Dialect
    from engine.release import Release


class State(StrEnum):
    """Whether the bytes may be handed out: `pending` waits for the scanner, `blocked` was found harmful."""

    PENDING = "pending"
    READY = "ready"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """`size` is in bytes, `width` and `height` in pixels for pictures; `by` is the user who uploaded it."""

    id: str
    digest: str
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    state: State
    at: datetime
    by: str | None


_BLOB = (
    "INSERT INTO s_blob (digest, size, at) VALUES (:digest, :size, :at)"
    " ON CONFLICT (digest) DO UPDATE SET at = excluded.at"
)
_FILE = (
    'INSERT INTO s_file (id, digest, name, media_type, size, width, height, state, at, "by") VALUES'
    " (:id, :digest, :name, :media_type, :size, :width, :height, :state, :at, :by)"
)
_NAMES = ("id", "digest", "name", "media_type", "size", "width", "height", "state", "at", "by")


def hold_blob(connection: Connection, digest: str, size: int, at: datetime) -> None:
    """Note that there is a blob, and keep the clean-up from it until the transaction ends."""
    moment = datetime_form(connection.dialect).encode
    given = {"digest": digest, "size": size, "at": moment(at) if moment else at}
    compile_text(_BLOB, connection.dialect).run(connection, given)


def write_file(connection: Connection, file: File) -> None:
    """Write a new file; its blob is held."""
    identity, moment = id_form(connection.dialect).encode or str, datetime_form(connection.dialect).encode
    row = {name: getattr(file, name) for name in _NAMES}
    row |= {
        "id": identity(file.id),
        "by": identity(file.by) if file.by else None,
        "at": moment(file.at) if moment else file.at,
        "state": str(file.state),
    }
    compile_text(_FILE, connection.dialect).run(connection, row)


def read_files(
    connection: Connection, release: Release, ids: Iterable[str], *, locking: bool = False
) -> dict[str, File]:
    """Files by id; `locking` keeps the clean-up from them until the transaction ends."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    dialect, held = release.dialect, locking and not release.dialect.sqlite
    statement = release.statements.get(("files", held), lambda: _reading(dialect, locking=held))
    rows = statement.rows(connection, {"ids": id_list(wanted, dialect)})
    found = (dict(zip(_NAMES, row, strict=True)) for row in rows)
    return {str(each["id"]): File(**each | {"state": State(each["state"])}) for each in found}


def _reading(dialect: Dialect, *, locking: bool) -> Statement:
    identity, moment, text = id_form(dialect), datetime_form(dialect), text_form(dialect)
    forms = {"id": identity, "by": identity, "at": moment}
    columns = [sa.column(name, forms.get(name, text).type) for name in _NAMES]
    table = sa.table("s_file", *columns)
    rows = sa.select(*table.c).where(among_ids(table.c.id, "ids", dialect)).order_by(table.c.id)
    rows = rows.with_for_update() if locking else rows
    decoders = [forms[name].decode if name in forms else None for name in _NAMES]
    return compile_statement(rows, dialect, decoders)
