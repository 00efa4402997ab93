"""One turn at a job: claim it, let its kind work, and note how that ended.

Called by a worker of the runtime with what it alone knows: the kinds, a Session for whoever asked, when it is
somebody else's turn. A worker that is killed leaves a lease; when that has ended the next one goes on from
the job's cursor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.database import Conflict, Unavailable
from engine.jobs.codes import BROKEN_OFF, CANNOT_ACT, UNKNOWN_KIND
from engine.jobs.job import Job, JobState
from engine.jobs.progress import LEASE, Cancelled, Lost, Paused, Progress
from engine.problem import Problem
from engine.release import StaleRelease

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.clock import Clock
    from engine.database import Database
    from engine.jobs.job import JobKind
    from engine.jobs.store import JobStore
    from engine.session import Session

ATTEMPTS = 5
"""So often a job is taken up without getting anywhere."""
KEPT = timedelta(days=30)
"""How long a job that has ended can be seen, and its files be fetched; older ones go as others end."""
AGAIN = timedelta(seconds=5)
"""How long a job rests after the database was away."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shop:
    """What a worker needs for the jobs of one tenant.

    `session` opens a Session for whoever asked for a job, None where she can no longer act. `pause` says
    whether it is somebody else's turn; `problem_of` makes a Problem of a defect, and tells the log.
    """

    database: Database
    store: JobStore
    kinds: Mapping[str, JobKind]
    clock: Clock
    session: Callable[[Job], Session | None]
    pause: Callable[[], bool]
    problem_of: Callable[[Exception], Problem]


def take_turn(shop: Shop, worker: str, id_: str | None = None) -> Job | None:
    """Work on the job that waits longest, or on the one named; returns it as it was claimed, None: none
    waits.

    `worker` names this worker among all others. Raises `StaleRelease` when the tenant has a newer Release;
    the job waits then, and the caller comes back with it.
    """
    now = shop.clock()
    with shop.database.read() as connection:
        if not shop.store.any_due(connection, now):
            return None
    with shop.database.write() as connection:
        job = shop.store.claim(connection, worker, now, now + LEASE, id_)
    if job is not None:
        _work(shop, job, worker)
    return job


def _work(shop: Shop, job: Job, worker: str) -> None:
    try:
        result = _run(shop, job, worker)
    except Cancelled as stopped:
        _end(shop, job, worker, JobState.CANCELLED, stopped.result)
    except Lost:
        return
    except Paused:
        _release(shop, job, worker, None, counted=False)
    except StaleRelease:
        _release(shop, job, worker, None, counted=False)
        raise
    except (Conflict, Unavailable):
        _release(shop, job, worker, AGAIN, counted=True)
    except Exception as error:  # noqa: BLE001  (a defect is told; the job must not come again and again)
        _end(shop, job, worker, JobState.FAILED, {}, shop.problem_of(error))
    else:
        _end(shop, job, worker, JobState.DONE, result)


def _run(shop: Shop, job: Job, worker: str) -> Mapping[str, Any]:
    if job.attempts > ATTEMPTS:
        raise Problem(BROKEN_OFF, BROKEN_OFF.cause, hint=BROKEN_OFF.mend, status=500)
    if (kind := shop.kinds.get(job.kind)) is None:
        raise Problem(UNKNOWN_KIND, f"There is no kind of job “{job.kind}”.", hint=UNKNOWN_KIND.mend)
    if (session := shop.session(job)) is None:
        raise Problem(CANNOT_ACT, CANNOT_ACT.cause, hint=CANNOT_ACT.mend, status=403)
    progress = Progress(session=session, store=shop.store, job=job, worker=worker, pause=shop.pause)
    return kind.run(session, job, progress)


def _release(shop: Shop, job: Job, worker: str, rest: timedelta | None, *, counted: bool) -> None:
    now = shop.clock()
    until = now + rest if rest else None
    with shop.database.write() as connection:
        shop.store.release(connection, job, worker, now, until, counted=counted)


def _end(
    shop: Shop,
    job: Job,
    worker: str,
    state: JobState,
    result: Mapping[str, Any],
    problem: Problem | None = None,
) -> None:
    told = problem.json() if problem else None
    now = shop.clock()
    with shop.database.write() as connection:
        shop.store.end(connection, job, worker, now, state, result, told)
        shop.store.forget(connection, now - KEPT)
