"""Files that wait for the virus scanner, put to it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.codec import id_form
from engine.files.file import State
from engine.statement import compile_text

if TYPE_CHECKING:
    from engine.files.scan import Scanner
    from engine.files.store import Store
    from engine.session import Session

_PENDING = "SELECT id, digest FROM s_file WHERE state = 'pending' ORDER BY at LIMIT 20"
_SAID = "UPDATE s_file SET state = :state WHERE digest = :digest AND state = 'pending'"


def check_pending(session: Session, store: Store, scanner: Scanner) -> int:
    """Ask about the files that wait longest, and return of how many the scanner said something."""
    dialect = session.database.dialect
    with session.reading() as connection:
        statement = compile_text(_PENDING, dialect, (id_form(dialect).decode, None))
        waiting = {str(digest) for _, digest in statement.rows(connection)}
    return sum(_check(session, store, scanner, digest) for digest in sorted(waiting))


def _check(session: Session, store: Store, scanner: Scanner, digest: str) -> bool:
    try:
        state = scanner(store.read(digest))
    except FileNotFoundError:
        return False
    if state is State.PENDING:
        return False
    with session.database.write() as connection:
        given = {"state": str(state), "digest": digest}
        return compile_text(_SAID, connection.dialect).run(connection, given) > 0
