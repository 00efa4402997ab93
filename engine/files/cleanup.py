"""Files and blobs that nothing refers to any more, taken away; and whether the blobs are what they should be.

A file is referred to where it is used (`use.py`): by a record, in the bin too, or by a journal that can bring
it back. The order is such that a crash, or somebody who is just linking or uploading, loses nothing: the row
is locked, looked at again, and a blob is deleted while its row is held, whose absence makes the next upload
put it there anew. Called every night by the worker, and by `strata files`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import datetime_form, id_form
from engine.files.store import INCOMING, PREVIEWS, place
from engine.statement import compile_statement, compile_text
from engine.system import meta, set_meta

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from engine.database import Connection
    from engine.files.store import Listed, Store
    from engine.session import Session

DAY = "files_day"
"""What the tenant remembers: the day of the last clean-up."""

_UNUSED = (
    "SELECT f.id FROM s_file f WHERE f.at < :old AND NOT EXISTS"
    " (SELECT 1 FROM s_file_use u WHERE u.file = f.id)"
)
_LOCK_FILE = "SELECT f.id FROM s_file f WHERE f.id = :id{lock}"
_USED = "SELECT 1 FROM s_file_use WHERE file = :id"
_END_FILE = "DELETE FROM s_file WHERE id = :id"
_IDLE = (
    "SELECT b.digest FROM s_blob b WHERE b.at < :old AND NOT EXISTS"
    " (SELECT 1 FROM s_file f WHERE f.digest = b.digest)"
)
_LOCK_BLOB = "SELECT b.digest FROM s_blob b WHERE b.digest = :digest AND b.at < :old{lock}"
_NAMED = "SELECT 1 FROM s_file WHERE digest = :digest"
_END_BLOB = "DELETE FROM s_blob WHERE digest = :digest"
_CLAIM = "INSERT INTO s_blob (digest, size, at) VALUES (:digest, 0, :old) ON CONFLICT (digest) DO NOTHING"
_BLOBS = "SELECT digest FROM s_blob WHERE digest > :after ORDER BY digest LIMIT 500"
_REMEMBERED = "SELECT 1 FROM s_journal WHERE object = :object AND record = :record AND changes LIKE :file"
_END_USE = "DELETE FROM s_file_use WHERE file = :file AND object = :object AND record = :record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """How many were taken away: files, blobs, and leftovers of broken uploads and old previews."""

    files: int
    blobs: int
    leftovers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """How many blobs were read again; the digests of those that are missing, or are not what they were."""

    checked: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


def tidy_due(session: Session) -> bool:
    """Whether a day has begun, where the company is, on which nothing was cleaned up yet."""
    with session.reading() as connection:
        return meta(connection, DAY) != _today(session)


def tidy(session: Session, store: Store, unused: timedelta) -> Tidied:
    """Take away what nothing has referred to for longer than `unused`; `session` is the system's own."""
    old = session.clock() - unused
    _end_uses(session)
    done = Tidied(
        files=sum(_end_file(session, id_) for id_ in _found(session, _UNUSED, old)),
        blobs=sum(_end_blob(session, store, digest, old) for digest in _found(session, _IDLE, old)),
        leftovers=sum(_end_leftover(session, store, each, old) for each in list(store.listed())),
    )
    with session.database.write() as connection:
        set_meta(connection, DAY, _today(session))
    return done


def verify(session: Session, store: Store) -> Verified:
    """Read all blobs that files refer to, and compare them with their digests; changes nothing."""
    checked, missing, damaged = 0, [], []
    for digest in _digests(session):
        checked += 1
        found = hashlib.sha256()
        try:
            for chunk in store.read(digest):
                found.update(chunk)
        except FileNotFoundError:
            missing.append(digest)
            continue
        if found.hexdigest() != digest:
            damaged.append(digest)
    return Verified(checked=checked, missing=tuple(missing), damaged=tuple(damaged))


def _today(session: Session) -> str:
    return session.organisation().day(session.clock()).isoformat()


def _found(session: Session, text: str, old: datetime) -> list[str]:
    """The ids or digests that a question finds now; each is looked at again when its turn comes."""
    decode = id_form(session.database.dialect).decode if text is _UNUSED else None
    with session.database.read() as connection:
        statement = compile_text(text, connection.dialect, (decode,))
        return [str(row[0]) for row in statement.rows(connection, {"old": _moment(connection, old)})]


def _end_file(session: Session, id_: str) -> bool:
    with session.database.write() as connection:
        identity = id_form(connection.dialect).encode
        given = {"id": identity(id_) if identity else id_}
        if not _row(connection, _LOCK_FILE, given) or _row(connection, _USED, given):
            return False
        compile_text(_END_FILE, connection.dialect).run(connection, given)
        return True


def _end_blob(session: Session, store: Store, digest: str, old: datetime) -> bool:
    with session.database.write() as connection:
        given: dict[str, object] = {"digest": digest}
        if not _row(connection, _LOCK_BLOB, {**given, "old": _moment(connection, old)}):
            return False
        if _row(connection, _NAMED, given):
            return False
        compile_text(_END_BLOB, connection.dialect).run(connection, given)
        store.delete(place(digest))
        return True


def _end_leftover(session: Session, store: Store, each: Listed, old: datetime) -> bool:
    """What was staged long ago, previews of what is gone, and blobs of which no row tells."""
    if each.at > old.timestamp():
        return False
    if each.key.startswith(f"{INCOMING}/"):
        store.delete(each.key)
        return True
    preview = each.key.startswith(f"{PREVIEWS}/")
    digest = each.key.rpartition("/")[2].partition("-")[0] if preview else each.digest
    return bool(digest) and _end_unknown(session, store, each.key, digest, old)


def _end_unknown(session: Session, store: Store, key: str, digest: str, old: datetime) -> bool:
    """Delete what belongs to a blob without a row; a row of ours holds back whoever uploads it just now."""
    with session.database.write() as connection:
        claimed = {"digest": digest, "old": _moment(connection, old)}
        if not compile_text(_CLAIM, connection.dialect).run(connection, claimed):
            return False
        store.delete(key)
        compile_text(_END_BLOB, connection.dialect).run(connection, {"digest": digest})
        return True


def _end_uses(session: Session) -> None:
    """End the uses by records that are gone for good, once their journal does not tell of the file either."""
    for object_, table in _tables(session):
        identity = id_form(session.database.dialect)
        uses = sa.table("s_file_use", *(sa.column(name) for name in ("file", "object", "record")))
        alive: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).select_from(table).where(table.c.id == uses.c.record)
        )
        gone = sa.select(uses.c.file, uses.c.record).where(
            uses.c.object == sa.bindparam("object"), ~alive.correlate(uses).exists()
        )
        decoders = (identity.decode, identity.decode)
        with session.database.write() as connection:
            statement = compile_statement(gone, connection.dialect, decoders)
            for file, record in statement.rows(connection, {"object": object_}):
                _end_use(connection, object_, file, record)


def _end_use(connection: Connection, object_: str, file: str, record: str) -> None:
    encode = id_form(connection.dialect).encode or str
    at: dict[str, object] = {"object": object_, "record": encode(record)}
    if not _row(connection, _REMEMBERED, {**at, "file": f"%{file}%"}):
        compile_text(_END_USE, connection.dialect).run(connection, {**at, "file": encode(file)})


def _tables(session: Session) -> Iterator[tuple[str, sa.Table]]:
    release = session.release
    for target in release.catalog.objects.values():
        if target.id in release.tables:
            yield target.id, release.tables[target.id].table


def _digests(session: Session) -> Iterator[str]:
    after = ""
    while True:
        with session.database.read() as connection:
            rows = compile_text(_BLOBS, connection.dialect).rows(connection, {"after": after})
        yield from (str(row[0]) for row in rows)
        if not rows:
            return
        after = str(rows[-1][0])


def _row(connection: Connection, text: str, given: dict[str, object]) -> bool:
    lock = "" if connection.dialect.sqlite else " FOR UPDATE"
    return compile_text(text.format(lock=lock), connection.dialect).row(connection, given) is not None


def _moment(connection: Connection, at: datetime) -> object:
    encode = datetime_form(connection.dialect).encode
    return encode(at) if encode else at
