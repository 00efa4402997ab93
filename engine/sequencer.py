"""The order of events: numbers in commit order, so that a reader of "after 17" misses nothing.

Ids and transaction numbers are not commit order: a transaction that began earlier may commit later. On
PostgreSQL a journal row therefore waits for its number until every transaction that could still write
before it has ended (`pg_snapshot_xmin`); one sequencer at a time gives them, and a record's versions keep
their order. On SQLite one writer at a time makes the order of the rows the order of the commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.codec import boolean_form, datetime_form, id_form
from engine.journal import decode_changes
from engine.statement import compile_text

if TYPE_CHECKING:
    from datetime import datetime

    from engine.database import Connection

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext(current_schema() || '.s_journal'))"

# `settled`: a version of a record waits for the versions before it, whichever transaction wrote them.
_NUMBER = """
WITH waiting AS (
    SELECT id, version, max(CAST(CAST(tx AS text) AS bigint)) OVER (
        PARTITION BY object, record ORDER BY version, id) AS settled
    FROM s_journal WHERE seq IS NULL
), ready AS (
    SELECT id, row_number() OVER (ORDER BY settled, version, id) AS place FROM waiting
    WHERE settled < CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)
)
UPDATE s_journal SET seq = ready.place + (SELECT coalesce(max(seq), 0) FROM s_journal)
FROM ready WHERE s_journal.id = ready.id
"""

_EVENTS = """
SELECT j.seq, j.id, j.object, j.record, j.version, j.kind, j.changes,
    c.id, coalesce(j.at, c.at), c.actor, c.entry, c.automation
FROM s_journal j JOIN s_change_set c ON c.id = j.change_set
WHERE j.seq > :after ORDER BY j.seq LIMIT :row_limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A past fact.

    `object` is the object's id; `changes` are (field id, kind, old, new), the values as JSON.
    """

    seq: int
    id: str
    object: str
    record: str
    version: int
    kind: str
    changes: tuple[tuple[str, str, Any, Any], ...]
    change_set: str
    at: datetime
    actor: str | None
    entry: str
    automation: bool


def sequence(connection: Connection) -> int:
    """Number the events whose place is certain; returns how many. Call inside a writing transaction.

    On SQLite, and while another process is numbering, there is nothing to do.
    """
    if connection.dialect.sqlite:
        return 0
    locked = connection.row(_LOCK)
    if locked is None or not locked[0]:
        return 0
    return connection.run(_NUMBER)


def events(connection: Connection, after: int, limit: int) -> tuple[Event, ...]:
    """At most `limit` numbered events after the number `after`, in their order."""
    dialect = connection.dialect
    identity, moment, truth = (
        id_form(dialect).decode,
        datetime_form(dialect).decode,
        boolean_form(dialect).decode,
    )
    decoders = (
        *(None, identity, None, identity, None, None, decode_changes),
        *(identity, moment, identity, None, truth),
    )
    rows = compile_text(_EVENTS, dialect, decoders).rows(connection, {"after": after, "row_limit": limit})
    return tuple(_event(row) for row in rows)


def _event(row: tuple[Any, ...]) -> Event:
    seq, id_, target, record, version, kind, changes, change_set, at, actor, entry, automation = row
    return Event(
        seq=seq,
        id=id_,
        object=target,
        record=record,
        version=version,
        kind=kind,
        changes=changes,
        change_set=change_set,
        at=at,
        actor=actor,
        entry=entry,
        automation=automation,
    )
