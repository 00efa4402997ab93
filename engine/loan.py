"""The connections of a Session: one lent for a reading, or one for a transaction that all in it shares.

Conflicts with other transactions are tried again here. A base of `Session`, which says what is done on them.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from engine import codes
from engine.database import Conflict, ReferenceBroken, UniqueClash
from engine.problem import Problem
from engine.release import StaleRelease

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.database import Connection, Database
    from engine.release import Release

T = TypeVar("T")

ATTEMPTS = 3
"""How often a transaction is tried that another one stands in the way of."""


class Loan:
    """A database, and the connection on which a transaction is open."""

    def __init__(self, *, database: Database, release: Release) -> None:
        self.database = database
        self.release = release
        self._open: Connection | None = None

    @contextmanager
    def transaction(self, connection: Connection | None = None) -> Iterator[Connection]:
        """One commit for several `apply` and for statements of the caller's own tables.

        Everything in it runs on the connection handed out; an exception undoes it all. Not to be nested, but
        a caller who has opened one elsewhere hands in its `connection` and ends it herself. Raises
        `StaleRelease` at its start. A conflict with another transaction is the caller's to try again.
        """
        assert self._open is None, "a transaction is open already"
        with self.database.write() if connection is None else nullcontext(connection) as lent:
            if not self.release.current(lent):
                raise StaleRelease
            self._open = lent
            try:
                yield lent
            finally:
                self._open = None

    def written(self, work: Callable[[Connection], T]) -> T:
        """Do something in the open transaction, or in one of its own that is tried again where it clashes."""
        if self._open is not None:
            return work(self._open)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.transaction() as connection:
                    return work(connection)
            except (Conflict, UniqueClash, ReferenceBroken) as clash:
                # What clashed is committed now: the next attempt can say what is wrong, and where.
                if attempt == ATTEMPTS:
                    raise Problem(
                        codes.BUSY, "Other writers are in the way.", status=503, hint=codes.BUSY.mend
                    ) from clash
        raise AssertionError

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection of the open transaction, or one that is lent for a reading."""
        if self._open is not None:
            yield self._open
        else:
            with self.database.read() as connection:
                yield connection
