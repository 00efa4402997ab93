"""Telling one secret value to somebody who may know it, and noting that she was told.

She has the right `reveal`, may read the record and the field; the note stands in the record's history before
the value leaves. Called by pages and API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import codes
from engine.changeset import ChangeSet, write_change_set
from engine.codec import id_form
from engine.journal import Entry, write_entries
from engine.planner import require_right
from engine.problem import Problem
from engine.rights import REVEAL
from engine.save.work import Kind
from engine.secrets.codes import NOT_SECRET
from engine.secrets.keyring import read_keyring
from engine.secrets.seal import place
from engine.sentence import said
from engine.statement import compile_text

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.record import Record
    from engine.session import Session
    from engine.statement import Statement
    from metadata.catalog import Field, ObjectType

ENTRY = "reveal"


def reveal(session: Session, target: ObjectType, record: str, name: str) -> str | None:
    """The value of a secret field; None where there is none.

    Raises `Problem`: 403 without the right, 404 as `get` does, 422 for a field that is not secret or that she
    may not read.
    """
    require_right(session.policy, REVEAL, "see secret values")
    field = target.fields.get(name)
    if field is None or field.retired or not field.sort.sealed or not session.policy.readable(field):
        message = said("{field} is no secret field that you may read.", field=name)
        raise Problem(NOT_SECRET, message, status=422, hint=NOT_SECRET.mend)
    found = session.get(target, record, ())
    return session.written(lambda connection: _told(session, connection, found, field))


def _told(session: Session, connection: Connection, record: Record, field: Field) -> str | None:
    row = _value(session, field).row(connection, {"id": _held(session, record.id)})
    if row is None:
        raise Problem(codes.NOT_FOUND, "The record is no longer there.", status=404)
    if row[0] is None:
        return None
    ring = read_keyring(connection, session.vault)
    value = ring.plain(str(row[0]), place(field, record.id)) if ring else None
    _note(session, connection, record, field, int(row[1]))
    return value


def _note(session: Session, connection: Connection, record: Record, field: Field, version: int) -> None:
    actor, held, at = session.actor, session.ids(), session.clock()
    change_set = ChangeSet(
        id=held, at=at, actor=actor.id, entry=ENTRY, automation=False,
        impersonator=actor.impersonator,
    )  # fmt: skip
    entry = Entry(
        object=record.object.id, record=record.id, version=version, kind=Kind.REVEALED,
        changes=[(field.id, field.sort.kind, None, None)],
    )  # fmt: skip
    write_change_set(connection, session.release, change_set)
    write_entries(connection, session.release, held, [entry], session.ids, at)


def _value(session: Session, field: Field) -> Statement:
    release, table = session.release, field.object.table
    text = f'SELECT "{field.column}", version FROM "{table}" WHERE id = :id'  # noqa: S608  (physical names)
    return release.statements.get(("reveal", field.id), lambda: compile_text(text, release.dialect))


def _held(session: Session, record: str) -> object:
    encode = id_form(session.release.dialect).encode
    return encode(record) if encode else record
