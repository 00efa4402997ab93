"""Who does the long work: a thread that goes from tenant to tenant and takes one turn at a job in each.

It is a thread of its own, so that an import of minutes keeps no flow waiting. A turn ends when the job does,
or after some seconds when other jobs wait, here or in another tenant; the job goes on when it is its turn
again. What a job is, and how it ends, is the engine's (`engine/jobs`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.actor import load_actor, system_actor
from engine.jobs.desk import store_of
from engine.jobs.rework import HandOverJob, MergeJob, UndoJob
from engine.jobs.turn import Shop, take_turn
from engine.matching.scan_job import ScanKind
from engine.problem import Problem
from engine.release import StaleRelease
from engine.transfer.importing import ImportKind
from engine.transfer.upload import UploadKind
from runtime.control import ACTIVE
from runtime.export.job import ExportKind
from runtime.lease import process_name
from runtime.problems import problem_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from engine.jobs.job import Job, JobKind
    from engine.release import Release
    from engine.session import Session
    from runtime.bootstrap import Composition
    from runtime.log import Log
    from runtime.tenant import Tenant
    from runtime.tenants import Tenants
    from runtime.web.texts import Texts

LOOK_SECONDS = 0.5
TURN_SECONDS = 10.0
"""A job works so long before it makes way for others that wait."""


def job_kinds() -> Mapping[str, JobKind]:
    """The kinds of long work that this program knows, by name."""
    kinds: tuple[JobKind, ...] = (
        ImportKind(say=speaker()), UploadKind(), ExportKind(), UndoJob(), MergeJob(), HandOverJob(),
        ScanKind(),
    )  # fmt: skip
    return {kind.name: kind for kind in kinds}


def speaker() -> Callable[[str, str], str]:
    """What puts sentences of the engine into a language; the texts are read when it is first asked."""
    known: dict[str, Texts] = {}

    def say(language: str, sentence: str) -> str:
        from runtime.web.texts import choose_language, read_texts

        if not known:
            known.update(read_texts())
        return known[choose_language(language, known)].said(sentence)

    return say


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JobWorker:
    """What one worker brings to the jobs of any tenant."""

    kinds: Mapping[str, JobKind]
    worker: str
    log: Log

    def turn(self, tenant: Tenant, pause: Callable[[], bool], id_: str | None = None) -> Job | None:
        """One turn at a job of the tenant; None: nothing waits there, or not the job named."""
        try:
            with tenant.pinned() as release:
                if release is None:
                    return None
                return take_turn(self._shop(tenant, release, pause), self.worker, id_)
        except StaleRelease:
            tenant.reload()
            return self.turn(tenant, pause, id_)

    def _shop(self, tenant: Tenant, release: Release, pause: Callable[[], bool]) -> Shop:
        def defect(error: Exception) -> Problem:
            if not isinstance(error, Problem):
                self.log.error("job failed", tenant=tenant.slug, raised=error)
            return problem_of(error, self.worker)

        return Shop(
            database=tenant.database, store=store_of(release), kinds=self.kinds, clock=tenant.gate.clock,
            session=lambda job: session_of(tenant, release, job), pause=pause, problem_of=defect,
        )  # fmt: skip


def session_of(tenant: Tenant, release: Release, job: Job) -> Session | None:
    """The door for whoever asked for a job, as her rights are now; None where she can no longer act."""
    if job.actor is None:
        return tenant.session(release, system_actor(zone=tenant.zone))
    with tenant.database.read() as connection:
        actor = load_actor(connection, release, job.actor)
    return None if actor is None else tenant.session(release, replace(actor, impersonator=job.impersonator))


class JobRounds:
    """The thread's way from tenant to tenant; the other worker rings for those that it has visited."""

    def __init__(self, tenants: Tenants, hand: JobWorker) -> None:
        self._tenants = tenants
        self._hand = hand

    def __call__(self, stop: threading.Event) -> None:
        """Go round until `stop` is set."""
        while not stop.is_set():
            rung = self._tenants.jobs.take()
            for entry in self._tenants.entries():
                if entry.id in rung and entry.state == ACTIVE and not stop.is_set():
                    with self._tenants.use(entry) as tenant:
                        self._safely(tenant, stop)
            self._tenants.jobs.wait(LOOK_SECONDS)

    def _safely(self, tenant: Tenant, stop: threading.Event) -> None:
        """Take a turn; what goes wrong in one tenant does not keep the others waiting."""
        try:
            if self._hand.turn(tenant, self._pause(tenant, stop)) is not None and any_due(tenant):
                self._tenants.jobs.ring(tenant.id)
        except Exception as error:  # noqa: BLE001  (told, and tried again at the next round)
            self._hand.log.error("job not taken up", tenant=tenant.slug, raised=error)

    def _pause(self, tenant: Tenant, stop: threading.Event) -> Callable[[], bool]:
        until = time.monotonic() + TURN_SECONDS

        def pause() -> bool:
            if stop.is_set():
                return True
            return time.monotonic() > until and (self._tenants.jobs.rung or any_due(tenant))

        return pause


def any_due(tenant: Tenant) -> bool:
    """Whether a job waits in the tenant."""
    release = tenant.release
    if release is None:
        return False
    with tenant.database.read() as connection:
        return store_of(release).any_due(connection, tenant.gate.clock())


def jobs_of(composition: Composition, tenants: Tenants, log: Log) -> JobRounds:
    """A worker on the jobs of all tenants, named apart from every other one."""
    return JobRounds(tenants, JobWorker(kinds=composition.jobs, worker=process_name(), log=log))


def run_now(composition: Composition, tenant: Tenant, log: Log, id_: str, seen: Callable[[], None]) -> bool:
    """Work on one job in this process until it has ended; `seen` is called now and then meanwhile.

    Returns False where another worker has it.
    """

    def pause() -> bool:
        seen()
        return False

    return (
        JobWorker(kinds=composition.jobs, worker=process_name(), log=log).turn(tenant, pause, id_) is not None
    )
