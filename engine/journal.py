"""The journal: one row per record change, written in the transaction of the change; it is the outbox as well.

Here entries are written and a record's history is read. The order in which events are handed out is the
sequencer's; what an event means is for those who read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from engine.changeset import ChangeSet
from engine.codec import datetime_form, id_form
from engine.fields.contract import FieldType
from engine.statement import Statement, compile_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from engine.database import Connection
    from engine.release import Release

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(list[tuple[str, str, Any, Any]], float_hook=Decimal)

_INSERT = (
    "INSERT INTO s_journal (id, at, change_set, object, record, version, kind, changes)"
    " VALUES (:id, :at, :change_set, :object, :record, :version, :kind, :changes)"
)
# All rows as one JSON document: a round trip and a text that do not depend on how many rows there are. The
# driver would escape an array of texts piece by piece, which takes longer than the insert.
_INSERT_MANY = (
    "INSERT INTO s_journal (id, at, change_set, object, record, version, kind, changes)"
    " SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS given(id uuid, at timestamptz, change_set uuid,"
    " object text, record uuid, version bigint, kind text, changes text)"
)
_HISTORY = (
    "SELECT j.version, j.kind, j.changes, coalesce(j.at, c.at), c.at, c.actor, c.entry, c.reason, c.id,"
    " c.impersonator FROM s_journal j JOIN s_change_set c ON c.id = j.change_set"
    " WHERE j.object = :object AND j.record = :record ORDER BY j.version DESC, j.id DESC LIMIT :row_limit"
)


ERASED = "erased"
"""Stands for the kind of the field where a value was given up; see `engine/changes/erasure.py`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record change. `changes` are (field id, kind of field, old, new), the values as JSON has them."""

    object: str
    record: str
    version: int
    kind: str
    changes: Sequence[tuple[str, str, Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One entry of a record's history with the change set it belongs to; `at` is when it was written.

    A change set that takes several transactions was opened before that.
    """

    version: int
    kind: str
    at: datetime
    changes: tuple[tuple[str, str, Any, Any], ...]
    change_set: ChangeSet


def write_entries(
    connection: Connection,
    release: Release,
    change_set: str,
    entries: Sequence[Entry],
    ids: Callable[[], str],
    at: datetime,
) -> None:
    """Write entries in their order, all made at the instant `at`; one statement."""
    encode, moment = id_form(release.dialect).encode or str, datetime_form(release.dialect).encode
    held, made = encode(change_set), moment(at) if moment else at
    rows: list[dict[str, object]] = [
        {
            "id": encode(ids()),
            "at": made,
            "change_set": held,
            "object": entry.object,
            "record": encode(entry.record),
            "version": entry.version,
            "kind": str(entry.kind),
            "changes": _ENCODER.encode(entry.changes).decode(),
        }
        for entry in entries
    ]
    if not rows:
        return
    if len(rows) == 1:
        _statement(release, _INSERT).run(connection, rows[0])
    elif release.dialect.sqlite:
        connection.run_many(_statement(release, _INSERT).text, rows)
    else:
        _statement(release, _INSERT_MANY).run(connection, {"rows": _ENCODER.encode(rows).decode()})


def read_history(
    connection: Connection, release: Release, target: str, record: str, limit: int
) -> tuple[Past, ...]:
    """The newest entries of a record, newest first."""
    identity, moment = id_form(release.dialect), datetime_form(release.dialect)
    decoders = (
        *(None, None, None, moment.decode, moment.decode, identity.decode, None, None),
        *(identity.decode, identity.decode),
    )
    statement = release.statements.get(
        ("history",), lambda: compile_text(_HISTORY, release.dialect, decoders)
    )
    held = identity.encode(record) if identity.encode else record
    rows = statement.rows(connection, {"object": target, "record": held, "row_limit": limit})
    return tuple(_past(*row) for row in rows)


def to_journal(kind: FieldType) -> Callable[[Any], Any] | None:
    """How a type's values look in an entry; None where they are themselves: most cells skip a call."""
    return kind.json if _has_own_json(kind) else None


def from_journal(kind: FieldType, kept: Any) -> Any:
    """A value of an entry as JSON shows it: one kept in another unit, as a percentage is, in its own."""
    if kept is None or kind.shown is None or _has_own_json(kind):
        return kept
    return kind.shown(Decimal(kept) if isinstance(kept, int) else kept)


def for_writer(kind: FieldType, kept: Any) -> Any:
    """A value of an entry as it is given to a save that brings it back: what is sealed stays so."""
    return kept if kind.sealed else from_journal(kind, kept)


def _has_own_json(kind: FieldType) -> bool:
    """Whether entries hold what the type writes in JSON, rather than the value as it is kept."""
    return type(kind).json is not FieldType.json


def decode_changes(text: str) -> tuple[tuple[str, str, Any, Any], ...]:
    """The changes of an entry, as they were encoded; numbers keep every digit."""
    return tuple(_DECODER.decode(text))


def as_decoded(changes: Sequence[tuple[str, str, Any, Any]]) -> tuple[tuple[str, str, Any, Any], ...]:
    """Changes as they will come back from an entry, to be compared with those that did."""
    return tuple(_DECODER.decode(_ENCODER.encode(changes)))


def _past(
    version: int, kind: str, changes: str, at: datetime, opened: datetime, actor: str | None, entry: str,
    reason: str, id_: str, impersonator: str | None,
) -> Past:  # fmt: skip
    return Past(
        version=version,
        kind=kind,
        at=at,
        changes=decode_changes(changes),
        change_set=ChangeSet(
            id=id_, at=opened, actor=actor, entry=entry, reason=reason, impersonator=impersonator
        ),
    )


def _statement(release: Release, text: str) -> Statement:
    return release.statements.get(("journal", text), lambda: compile_text(text, release.dialect))
