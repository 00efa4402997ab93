"""How far a running job is: what it saves in its own transactions, and where it learns that it must stop.

One per attempt at a job, in one thread. Everything it writes is fenced: once another worker has taken the job
over, nothing of this attempt is committed any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.database import Connection
    from engine.jobs.job import Job
    from engine.jobs.store import JobStore
    from engine.session import Session

T = TypeVar("T")

LEASE = timedelta(seconds=60)
"""A worker that has not been heard of for so long has died; a kind tells how far it is at least twice as
often.
"""
TELL = timedelta(seconds=1)
"""`tell` writes no more often than this."""


class Stopped(Exception):  # noqa: N818 - not a fault
    """The attempt ends here; the job does not fail by it."""


class Cancelled(Stopped):
    """Somebody cancelled the job; what was committed stays.

    The kind may tidy up, put what was done so far into `result`, and lets this pass.
    """

    def __init__(self) -> None:
        super().__init__()
        self.result: Mapping[str, Any] = {}


class Paused(Stopped):
    """It is another job's turn, or the worker closes; the job goes on later from its cursor."""


class Lost(Stopped):
    """Another worker has the job; nothing may be written any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a job is: `done` of `total`, and what to go on from; None leaves what was saved before."""

    done: int
    total: int | None = None
    cursor: Mapping[str, Any] | None = None


class Progress:
    """A worker's hand on a job. `cursor` is what was saved last, by this attempt or an earlier one.

    A kind that could only begin again is `steady`: it makes way for nobody, or it might never come to its
    end.
    """

    def __init__(
        self, *, session: Session, store: JobStore, job: Job, worker: str, pause: Callable[[], bool]
    ) -> None:
        self.cursor: Mapping[str, Any] = job.cursor
        self.done = job.done
        self.total = job.total
        self.steady = False
        self._session = session
        self._store = store
        self._job = job
        self._worker = worker
        self._pause = pause
        self._told = session.clock()
        self._cancelling = job.cancelling

    def step(self, work: Callable[[Connection], tuple[Mark, T]]) -> T:
        """Do one piece in one transaction: what `work` writes and its Mark are committed together.

        `work` may be run again where other writers clash with it. Raises `Cancelled`, `Paused` and `Lost`
        before the piece, and what `work` raises; then nothing of the piece is kept.
        """
        self.rest()

        def run(connection: Connection) -> tuple[Mark, T]:
            mark, answer = work(connection)
            self._cancelling = self._write(connection, mark)
            return mark, answer

        mark, answer = self._session.written(run)
        self._remember(mark)
        return answer

    def tell(self, *, done: int, total: int | None = None, cursor: Mapping[str, Any] | None = None) -> None:
        """Say how far the job is, at most once a second unless there is a cursor to save.

        For kinds whose work has transactions of its own, or only reads. Raises as `step` does.
        """
        self.rest()
        if cursor is None and self._session.clock() - self._told < TELL:
            self.done, self.total = done, total if total is not None else self.total
            return
        mark = Mark(done=done, total=total, cursor=cursor)
        self._cancelling = self._session.written(lambda connection: self._write(connection, mark))
        self._remember(mark)
        self.rest()

    def rest(self) -> None:
        """Raise `Cancelled` or `Paused` where it is time for it."""
        if self._cancelling:
            raise Cancelled
        if self._pause() and not self.steady:
            raise Paused

    def _write(self, connection: Connection, mark: Mark) -> bool:
        until = self._session.clock() + LEASE
        cancelling = self._store.advance(connection, self._job.id, self._worker, mark, until)
        if cancelling is None:
            raise Lost
        return cancelling

    def _remember(self, mark: Mark) -> None:
        self._told = self._session.clock()
        self.done = mark.done
        self.total = self.total if mark.total is None else mark.total
        self.cursor = self.cursor if mark.cursor is None else mark.cursor
