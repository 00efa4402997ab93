"""The audit chain in the database: built over the numbered entries of the journal, in their order.

A worker carries it on after the entries were numbered, so a save pays nothing for it. A transaction takes
some hundred entries; one that is broken off leaves the chain where it was. The rules are in `proof.py`;
giving a value up without breaking the chain is `erasure.py`. Entries are never taken away, those of purged
records neither.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from engine.bulk import bulk_insert
from engine.changes.proof import START, Break, Line, Verdict, check, leaf, link, part_salt
from engine.codec import boolean_form, datetime_form, id_form
from engine.sequencer import sequence
from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from engine.database import Connection, Database

CHUNK = 200
"""Entries taken up in one transaction: some milliseconds of a writer's lock."""
LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.s_audit'))"

_TRY = "SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || '.s_audit'))"
_LAST = "SELECT seq, chain FROM s_audit ORDER BY seq DESC LIMIT 1"
_WAITING = (
    "SELECT 1 FROM s_journal WHERE seq > (SELECT coalesce(max(seq), 0) FROM s_audit) ORDER BY seq LIMIT 1"
)
# Only PostgreSQL keeps entries without a number; SQLite would look for them through the whole table.
_UNNUMBERED = "SELECT 1 FROM s_journal WHERE seq IS NULL LIMIT 1"
_COLUMNS = (
    "j.id, j.object, j.record, j.version, j.kind, coalesce(j.at, c.at), c.id, c.actor, c.impersonator,"
    " c.entry, c.automation, c.reason, j.changes"
)
_NEXT = (
    f"SELECT j.seq, {_COLUMNS} FROM s_journal j JOIN s_change_set c ON c.id = j.change_set"  # noqa: S608
    " WHERE j.seq > :after ORDER BY j.seq LIMIT :row_limit"
)
_HELD = (
    f"SELECT a.seq, {_COLUMNS}, a.salt, a.leaves, a.chain FROM s_audit a"  # noqa: S608
    " LEFT JOIN s_journal j ON j.seq = a.seq LEFT JOIN s_change_set c ON c.id = j.change_set"
    " WHERE a.seq > :after ORDER BY a.seq LIMIT :row_limit"
)
_BESIDE = (
    "SELECT count(*) FROM s_journal j WHERE j.seq <= :last"
    " AND NOT EXISTS (SELECT 1 FROM s_audit a WHERE a.seq = j.seq)"
)
_AT = "SELECT chain FROM s_audit WHERE seq = :seq"

_TEXTS = msgspec.json.Decoder(list[msgspec.Raw])
_LEAVES = msgspec.json.Decoder(list[tuple[str, str]])
_ENCODER = msgspec.json.Encoder()

SALT, LEAF = "salt", "leaf"
"""What is kept of a part after another part of its entry, or it itself, was erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The end of the chain: the number of its last entry, and the hash. Noted elsewhere it proves the end."""

    seq: int
    chain: str


def random_salt() -> str:
    """Sixteen random bytes in hexadecimal."""
    return secrets.token_hex(16)


def extend(connection: Connection, salts: Callable[[], str], limit: int = CHUNK) -> int:
    """Take up at most `limit` numbered entries; returns how many. Call inside a writing transaction.

    `salts` makes a random text of 32 hexadecimal digits. While another process is at it, there is nothing to
    do.
    """
    if not connection.dialect.sqlite:
        locked = connection.row(_TRY)
        if locked is None or not locked[0]:
            return 0
    end = last(connection)
    rows: list[dict[str, object]] = []
    for seq, head, parts in _entries(connection, end.seq, limit):
        salt = salts()
        leaves = [leaf(part_salt(salt, place), part) for place, part in enumerate(parts)]
        end = Link(seq=seq, chain=link(end.chain, head, leaves))
        rows.append({"seq": seq, "salt": salt, "chain": end.chain})
    bulk_insert(_table(), ("seq", "salt", "chain"), connection.dialect).run(connection, rows)
    return len(rows)


def carry_on(database: Database, salts: Callable[[], str] = random_salt) -> bool:
    """Number what waits and take up the next entries; returns whether there may be more.

    A read or two where there is nothing to do.
    """
    with database.read() as connection:
        if not waiting(connection):
            return False
    with database.write() as writing:
        sequence(writing)
        return extend(writing, salts) == CHUNK


def waiting(connection: Connection) -> bool:
    """Whether entries are not in the chain yet."""
    if connection.row(_WAITING) is not None:
        return True
    return not connection.dialect.sqlite and connection.row(_UNNUMBERED) is not None


def last(connection: Connection) -> Link:
    """Where the chain ends."""
    found = connection.row(_LAST)
    return Link(seq=0, chain=START) if found is None else Link(seq=int(found[0]), chain=str(found[1]))


def lines(connection: Connection) -> Iterator[Line]:
    """The whole chain with the entries it stands for, in its order; read in pieces."""
    after = 0
    statement = compile_text(_HELD, connection.dialect, _decoders(connection))
    while True:
        rows = statement.rows(connection, {"after": after, "row_limit": CHUNK})
        yield from (_line(row) for row in rows)
        if len(rows) < CHUNK:
            return
        after = int(rows[-1][0])


def verify(connection: Connection, known: Link | None = None) -> Verdict:
    """Hold the journal against its chain.

    `known` is an end of the chain that was noted earlier: an exported file's, or one that was told.
    """
    verdict = check(lines(connection))
    breaks = list(verdict.breaks)
    row = compile_text(_BESIDE, connection.dialect).row(connection, {"last": verdict.seq})
    if row and row[0]:
        why = f"{row[0]} entries of the journal are not in the chain, though later ones are."
        breaks.append(Break(line=verdict.entries, seq=None, why=why))
    if known is not None and not _passes(connection, known):
        why = "The chain does not go through the end that was noted: entries were replaced or cut off."
        breaks.append(Break(line=verdict.entries, seq=known.seq, why=why))
    return Verdict(
        entries=verdict.entries, erased=verdict.erased, seq=verdict.seq, chain=verdict.chain,
        breaks=tuple(breaks),
    )  # fmt: skip


def texts_of(changes: str, reason: str) -> tuple[str, ...]:
    """The parts of an entry: why it was made, then each change, as the journal's own text has them."""
    return (_ENCODER.encode(reason).decode(), *(bytes(raw).decode() for raw in _TEXTS.decode(changes)))


def leaves_from(kept: str) -> list[tuple[str, str]]:
    """What is left of an entry's parts: `SALT` or `LEAF` with its hexadecimal text, for each of them."""
    return _LEAVES.decode(kept)


def _passes(connection: Connection, known: Link) -> bool:
    if known.seq == 0:
        return known.chain == START
    found = compile_text(_AT, connection.dialect).row(connection, {"seq": known.seq})
    return found is not None and str(found[0]) == known.chain


def _entries(connection: Connection, after: int, limit: int) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    statement = compile_text(_NEXT, connection.dialect, _decoders(connection))
    for seq, *about, reason, changes in statement.rows(connection, {"after": after, "row_limit": limit}):
        yield int(seq), _head(seq, about), texts_of(changes, reason)


def _line(row: tuple[Any, ...]) -> Line:
    seq, *about, reason, changes, salt, kept, chain = row
    parts: tuple[str | None, ...] = () if changes is None else texts_of(changes, reason or "")
    leaves = leaves_from(kept) if kept else []
    if leaves and len(leaves) == len(parts):
        parts = tuple(None if how == LEAF else text for (how, _), text in zip(leaves, parts, strict=True))
    return Line(
        head=_head(seq, about), parts=parts, salt=salt, leaves=tuple(text for _, text in leaves), chain=chain
    )


def _head(seq: int, about: list[Any]) -> str:
    id_, target, record, version, kind, at, *made, automation = about
    return _ENCODER.encode(
        [seq, id_, target, record, version, kind, _instant(at), *made, automation]
    ).decode()


def _instant(at: datetime | None) -> str | None:
    """In UTC, to the microsecond, whatever the database gives."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


def _decoders(connection: Connection) -> tuple[Callable[[Any], Any] | None, ...]:
    dialect = connection.dialect
    id_, at, truth = id_form(dialect).decode, datetime_form(dialect).decode, boolean_form(dialect).decode
    return (None, id_, None, id_, None, None, at, id_, id_, id_, None, truth)


def _table() -> sa.Table:
    texts = (sa.Column(name, sa.TEXT()) for name in ("salt", "leaves", "chain"))
    return sa.Table("s_audit", sa.MetaData(), sa.Column("seq", sa.BIGINT()), *texts)
