"""Which files an actor may have: those that a field shows her, or showed once, and her own new ones.

Access to bytes is access to a record and its field. To who may not read either, and to who asks for a file
that is not there, the answer is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.codes import NOT_FOUND
from engine.fields.file import id_of
from engine.files.codes import FILE_BLOCKED, FILE_PENDING
from engine.files.file import State, read_files
from engine.files.linking import file_fields
from engine.files.use import uses_of
from engine.ids import canonical_id
from engine.problem import Problem
from engine.rights import HISTORY
from engine.sentence import said
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from engine.files.file import File
    from engine.files.linking import Held
    from engine.session import Session
    from metadata.catalog import ObjectType


def file_at(session: Session, target: ObjectType, record: str, field: str, file: str) -> File:
    """The file that a field of a record holds, or held once where the actor may see the record's history.

    Raises `Problem`: 404 for what is not there or not hers to read, 403 for a blocked file, 409 for one that
    the scanner has not looked at yet.
    """
    held = next((each for each in file_fields(session.release, target) if each.field.name == field), None)
    id_, row = canonical_id(file), canonical_id(record)
    if held is None or id_ is None or row is None or not _readable(session, target, held):
        raise _missing(file)
    path = FieldPath(field=held.field)
    values = held.values(session.get(target, row, (path,)).values.get(path.name))
    if id_ not in map(id_of, values) and not _held_once(session, held, row, id_):
        raise _missing(file)
    return usable(_read(session, id_))


def own_file(session: Session, file: str) -> File:
    """A file that the actor uploaded and no record has held yet. Raises `Problem` as `file_at` does."""
    id_ = canonical_id(file)
    found = _read(session, id_ or "") if id_ else None
    if found is None or found.by is None or found.by != session.actor.id:
        raise _missing(file)
    with session.reading() as connection:
        if uses_of(connection, session.release, [found.id]):
            raise _missing(file)
    return usable(found)


def usable(file: File) -> File:
    """The file, where its bytes may be handed out. Raises `Problem` where they may not, or not yet."""
    match file.state:
        case State.BLOCKED:
            message = said("“{name}” is blocked.", name=file.name)
            raise Problem(FILE_BLOCKED, message, status=403, hint=FILE_BLOCKED.mend)
        case State.PENDING:
            message = said("“{name}” is still being checked.", name=file.name)
            raise Problem(FILE_PENDING, message, status=409, hint=FILE_PENDING.mend)
        case _:
            return file


def _readable(session: Session, target: ObjectType, held: Held) -> bool:
    return session.policy.reads(target) and session.policy.readable(held.field)


def _held_once(session: Session, held: Held, record: str, file: str) -> bool:
    """Whether the record's history, which the actor may see, has the file in this field."""
    if not session.policy.holds(HISTORY):
        return False
    with session.reading() as connection:
        uses = uses_of(connection, session.release, [file])
    return any(use.record == record and use.field == held.field.id for use in uses)


def _read(session: Session, file: str) -> File:
    with session.reading() as connection:
        found = read_files(connection, session.release, [file]).get(file)
    if found is None:
        raise _missing(file)
    return found


def _missing(file: str) -> Problem:
    message = said("There is no file {file} that you may have.", file=file)
    return Problem(NOT_FOUND, message, status=404, hint=NOT_FOUND.mend)
