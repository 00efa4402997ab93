"""A new data key: what is kept in tables is sealed again with it, while the company works on.

In short transactions over some hundred records; broken off and repeated, it goes on with what is left. The
journal keeps what older keys sealed, so those stay. Nobody's version rises: no value changes.
Called by `strata secrets rotate`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.bulk import bulk_update
from engine.codec import id_form
from engine.secrets.keyring import add_key, read_keyring
from engine.secrets.seal import place, secrets
from engine.statement import compile_statement

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.secrets.keyring import Keyring
    from engine.session import Session
    from metadata.catalog import Field

BATCH = 200


def rotate(session: Session) -> int:
    """Make a new key and seal all values with it; return how many were sealed again."""
    session.written(lambda connection: add_key(connection, session.vault, session.ids(), session.clock()))
    return reseal(session)


def reseal(session: Session) -> int:
    """Seal with the newest key what an older one sealed; return how many values."""
    release = session.release
    objects = (each for each in release.catalog.objects.values() if not each.retired)
    return sum(_field(session, field) for each in objects for field in secrets(release, each))


def _field(session: Session, field: Field) -> int:
    sealed, last = 0, ""
    while True:
        many, last = session.written(partial(_batch, session, field, last))
        sealed += many
        if not last:
            return sealed


def _batch(session: Session, field: Field, after: str, connection: Connection) -> tuple[int, str]:
    """The next records behind `after`: how many were sealed again, and the last id; "" at the end."""
    ring = read_keyring(connection, session.vault)
    rows = _rows(session, connection, field, after)
    if ring is None or not rows:
        return 0, ""
    stale = [(id_, value) for id_, value in rows if not ring.fresh(value)]
    _write(session, connection, field, [(id_, _again(ring, field, id_, value)) for id_, value in stale])
    return len(stale), rows[-1][0]


def _again(ring: Keyring, field: Field, record: str, sealed: str) -> str:
    at = place(field, record)
    return ring.seal(ring.plain(sealed, at), at)


def _rows(session: Session, connection: Connection, field: Field, after: str) -> list[tuple[str, str]]:
    table, dialect = session.release.table(field.object).table, connection.dialect
    form = id_form(dialect)
    value = table.c[field.column]
    wanted = sa.select(table.c.id, value).where(value.is_not(None)).order_by(table.c.id).limit(BATCH)
    if after:
        wanted = wanted.where(table.c.id > sa.bindparam("after", type_=form.type))
    locked = wanted if dialect.sqlite else wanted.with_for_update()
    statement = compile_statement(locked, dialect, [form.decode, None])
    given = {"after": form.encode(after) if form.encode else after} if after else {}
    return [(str(id_), str(kept)) for id_, kept in statement.rows(connection, given)]


def _write(session: Session, connection: Connection, field: Field, values: list[tuple[str, str]]) -> None:
    if not values:
        return
    encode = id_form(connection.dialect).encode or str
    table = session.release.table(field.object).table
    rows = [{"id": encode(id_), field.column: value} for id_, value in values]
    bulk_update(table, [field.column], connection.dialect).run(connection, rows)
