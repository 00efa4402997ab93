"""Taking a list away: its records page after page, and an entry that says who took how many of what.

The right `export` is asked for here, whoever calls. Only one page is in memory at a time; each is read by
itself, so that a long export keeps nobody from writing. The entry – a change set that changes nothing – is
there before the first record leaves; how many left is noted when the stream ends, also where it breaks off.
Which form the records get (CSV, later others) is for the runtime.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.changeset import ChangeSet, write_change_set
from engine.codec import id_form
from engine.planner import require_right
from engine.rights import EXPORT
from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from engine.query import Query
    from engine.record import Record
    from engine.session import Session

ENTRY: Final = "export"
PAGE = 500
"""Records read at once."""

_DONE = "UPDATE s_change_set SET reason = :reason, open = :open WHERE id = :id"


def exported(session: Session, query: Query, id_: str, at: datetime) -> Iterator[tuple[Record, ...]]:
    """The records of a list, a page at a time; `id_` and `at` are those of its entry.

    Raises `Problem` with the first page: 403 without the right, and what `Session.query` raises.
    """
    require_right(session.policy, EXPORT, "export records")
    asked = replace(query, limit=PAGE, after=None, before=None, count=False)
    page, count = session.query(asked), 0
    _begin(session, query, id_, at)
    try:
        while True:
            count += len(page.records)
            yield page.records
            if page.next is None:
                return
            page = session.query(replace(asked, after=page.next))
    finally:
        _end(session, query, id_, count)


def _begin(session: Session, query: Query, id_: str, at: datetime) -> None:
    actor = session.actor
    noted = ChangeSet(
        id=id_, at=at, actor=actor.id, entry=ENTRY, reason=_told(query), automation=False,
        impersonator=actor.impersonator, open=True,
    )  # fmt: skip
    with session.transaction() as connection:
        write_change_set(connection, session.release, noted)


def _end(session: Session, query: Query, id_: str, count: int) -> None:
    dialect = session.release.dialect
    statement = session.release.statements.get(("exported",), lambda: compile_text(_DONE, dialect))
    closed = 0 if dialect.sqlite else False
    encode = id_form(dialect).encode or str
    with session.database.write() as connection:
        told = f"{_told(query)}; {count} records"
        statement.run(connection, {"id": encode(id_), "reason": told, "open": closed})


def _told(query: Query) -> str:
    """What leaves: the object and the names of its fields."""
    return f"{query.object.name}: {', '.join(path.name for path in query.fields)}"
