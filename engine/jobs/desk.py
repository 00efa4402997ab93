"""Asking for jobs: queue one, see how it stands, cancel it.

Everybody sees and cancels her own jobs, and those that somebody asked for in her name; who may set the
company up sees all. What a kind of job wants of its subject, and the right to ask for it, is checked by
whoever queues it and again by the job. Called by pages, API and command line.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine import codes
from engine.ids import canonical_id
from engine.jobs.job import Job, JobState
from engine.jobs.store import JobStore, job_store
from engine.problem import Problem
from engine.rights import SETUP
from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.bench import Bench
    from engine.database import Connection
    from engine.release import Release

LATEST = datetime(9999, 1, 1, tzinfo=UTC)
ABOUT = 200
"""Characters of the short text for people."""


def store_of(release: Release) -> JobStore:
    """The statements over jobs, kept on the Release."""
    return release.statements.get(("jobs",), lambda: job_store(release.dialect))


def queue(session: Bench, kind: str, subject: Mapping[str, Any], *, about: str = "") -> Job:
    """Let a job wait for a worker, in the open transaction or one of its own; returns it.

    The caller tells the workers: the server does after each request that writes, others ring the tenant's
    bell. `subject` holds what JSON can hold and is what the kind documents; `about` is a short text for
    people.
    """
    job = new_job(session, kind, subject, about=about)
    session.written(lambda connection: store_of(session.release).keep(connection, job))
    return job


def new_job(session: Bench, kind: str, subject: Mapping[str, Any], *, about: str = "") -> Job:
    """A job of the actor's that waits, not yet kept: for who writes its files in the same transaction."""
    return Job(
        id=session.ids(), kind=kind, state=JobState.QUEUED, actor=session.actor.id,
        impersonator=session.actor.impersonator, about=about[:ABOUT], subject=subject,
        made_at=session.clock(),
    )  # fmt: skip


def find_job(session: Bench, id_: str) -> Job:
    """A job that the actor may see. Raises `Problem` 404 where there is none."""
    known = canonical_id(id_)
    with session.reading() as connection:
        job = store_of(session.release).find(connection, known) if known else None
    if job is None or not _hers(session, job):
        message = said("There is no job {id} that you may see.", id=id_)
        raise Problem(codes.NOT_FOUND, message, status=404, hint=codes.NOT_FOUND.mend)
    return job


def newest_jobs(
    session: Bench, *, limit: int = 50, before: str | None = None, own: bool = False
) -> tuple[Job, ...]:
    """The newest jobs that the actor may see, or those older than the one with the id `before`."""
    instant = LATEST if before is None else find_job(session, before).made_at
    everybody = session.policy.holds(SETUP) and not (own and session.actor.id)
    if not everybody and session.actor.id is None:
        return ()
    actor = None if everybody else session.actor.id
    with session.reading() as connection:
        return store_of(session.release).newest(connection, instant, limit, actor)


def cancel_job(session: Bench, id_: str) -> Job:
    """Let a job stop: at once if nobody has begun it, else after the piece in hand; one that ended stays as
    it is.

    Raises `Problem` 404 where there is none that the actor may see.
    """
    job = find_job(session, id_)

    def run(connection: Connection) -> None:
        store_of(session.release).cancel(connection, job.id, session.clock())

    session.written(run)
    return find_job(session, job.id)


def _hers(session: Bench, job: Job) -> bool:
    me = session.actor.id
    return session.policy.holds(SETUP) or (me is not None and me in (job.actor, job.impersonator))
