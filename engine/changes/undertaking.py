"""A change set that takes several transactions: opened first, continued after a crash, closed at the end.

Undo and hand-over write chunks of `CHUNK` records, so that no writer waits long for another. Whoever repeats
what was broken off continues its change set, and so all of it can be shown and taken back together.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from engine.changeset import ChangeSet, close_change_set, find_open, write_change_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.bench import Bench
    from engine.database import Connection

T = TypeVar("T")

CHUNK = 200
"""Records changed in one transaction: a writer holds the lock of a SQLite file for less than 100 ms."""


@contextmanager
def undertaking(
    session: Bench, *, entry: str, reason: str, subject: str | None, automation: bool = False
) -> Iterator[str]:
    """The id of the open change set of what the actor does about `subject` (an id, or None: the whole tenant)
    by the door `entry`.

    With `automation` what is written under it starts flows. It stays open where an exception ends the work.
    One under which nothing was written leaves no trace.
    """
    fresh = ChangeSet(
        id=session.ids(), at=session.clock(), actor=session.actor.id, entry=entry, reason=reason,
        automation=automation, impersonator=session.actor.impersonator, subject=subject, open=True,
    )  # fmt: skip

    def begin(connection: Connection) -> str:
        held = find_open(connection, session.release, fresh)
        if held is None:
            write_change_set(connection, session.release, fresh)
        return held or fresh.id

    change_set = session.written(begin)
    yield change_set
    session.written(lambda connection: close_change_set(connection, session.release, change_set))


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """`items` in pieces for one transaction each."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
