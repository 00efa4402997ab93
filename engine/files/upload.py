"""Taking a file in: its bytes are staged already, now it gets a row, and the blob its place.

The order is what makes a crash harmless: staged bytes nobody refers to are cleaned away; the blob is in its
place before the transaction that tells of it commits; and while its row is held no clean-up deletes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.files.codes import NO_ROOM
from engine.files.file import File, State, hold_blob, write_file
from engine.files.name import file_name
from engine.files.picture import measure
from engine.files.sniff import PICTURES, sniff
from engine.problem import Problem
from engine.sentence import said

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.files.store import Staged, Store
    from engine.session import Session

_TAKEN = "SELECT COALESCE(SUM(size), 0) FROM s_blob"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Staged bytes with the name that a person gave them, and what the scanner said of them."""

    name: str
    staged: Staged
    state: State = State.READY


def upload(session: Session, store: Store, given: Upload, *, room: int = 0) -> File:
    """A new file of the actor's own, which no record holds yet.

    `room` is how many bytes all files of the company may take, 0 for no limit. Raises `Problem` 507 where
    there is no room, or the store takes no more; nothing is left then.
    """
    try:
        file = _described(session, store, given)
        session.written(lambda connection: _kept(connection, store, given.staged, file, room))
    finally:
        store.drop(given.staged)
    return file


def rename(session: Session, file: File, name: str) -> File:
    """The same bytes by another name: a new file of the actor's own, who may have the old one."""
    same = replace(file, id=session.ids(), name=file_name(name), at=session.clock(), by=session.actor.id)

    def run(connection: Connection) -> None:
        hold_blob(connection, same.digest, same.size, same.at)
        write_file(connection, same)

    session.written(run)
    return same


def _kept(connection: Connection, store: Store, staged: Staged, file: File, room: int) -> None:
    hold_blob(connection, file.digest, file.size, file.at)
    if room:
        row = connection.row(_TAKEN)
        if row is not None and int(row[0]) > room:
            message = said("The files of this company may take {room} bytes.", room=room)
            raise Problem(NO_ROOM, message, status=507, hint=NO_ROOM.mend)
    store.keep(staged)
    write_file(connection, file)


def _described(session: Session, store: Store, given: Upload) -> File:
    name, staged = file_name(given.name), given.staged
    media_type = sniff(staged.head, name)
    width, height = None, None
    if media_type in PICTURES:
        with store.opened(staged.key) as content:
            width, height = measure(content) or (None, None)
    return File(
        id=session.ids(), digest=staged.digest, name=name, media_type=media_type, size=staged.size,
        width=width, height=height, state=given.state, at=session.clock(), by=session.actor.id,
    )  # fmt: skip
