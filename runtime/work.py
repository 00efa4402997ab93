"""Who gets background work done, and when: a worker's rounds over all tenants.

A tenant is visited at once when a save of this process woke it, soon when another process left a hint in the
control database, and every minute in any case, so that a lost hint costs a minute and never a step. What
is done in a tenant is the workflow room's `Worker`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.actor import load_actor
from engine.changes.chain import carry_on
from engine.changes.retention import sweep
from engine.problem import Problem
from engine.release import StaleRelease
from engine.revaluation import due, revalue
from runtime import sql
from runtime.control import ACTIVE
from runtime.depot import keep_files
from runtime.jobs import any_due
from runtime.lease import process_name
from workflow.place import workplace
from workflow.worker import work

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Mapping

    from engine.actor import Actor
    from engine.release import Release
    from runtime.bootstrap import Composition
    from runtime.control import Entry
    from runtime.log import Log
    from runtime.tenant import Tenant
    from runtime.tenants import Tenants
    from workflow.place import Workplace
    from workflow.step import StepType

    Visit = Callable[[Tenant], bool]
    """Do some of a tenant's due work; return whether there may be more at once."""

LOOK_SECONDS = 0.5
SWEEP_SECONDS = 60.0


class Rounds:
    """One worker's way from tenant to tenant. Runs in one thread."""

    def __init__(self, tenants: Tenants, visit: Visit, log: Log) -> None:
        self._tenants = tenants
        self.visit = visit
        self._log = log
        self._swept = float("-inf")

    def __call__(self, stop: threading.Event) -> None:
        """Go round until `stop` is set."""
        while not stop.is_set():
            again = False
            for entry in self.due():
                if stop.is_set():
                    return
                again |= self._safely(entry)
            if not again:
                self._tenants.bell.wait(LOOK_SECONDS)

    def due(self) -> Iterable[Entry]:
        """The tenants to visit now, each once: woken, hinted, or all when a minute has passed."""
        woken = self._tenants.bell.take()
        now = sql.micros(self._tenants.gate.clock())
        sweep = time.monotonic() - self._swept >= SWEEP_SECONDS
        if sweep:
            self._swept = time.monotonic()
        for entry in self._tenants.entries():
            hinted = 0 < entry.due_hint <= now
            if entry.state == ACTIVE and (sweep or hinted or entry.id in woken):
                if hinted:
                    self._tenants.control.hint(entry.id, 0)
                yield entry

    def _safely(self, entry: Entry) -> bool:
        """Visit a tenant; what goes wrong in one does not keep the others waiting."""
        try:
            with self._tenants.use(entry) as tenant:
                more = self.visit(tenant)
                if any_due(tenant):
                    self._tenants.jobs.ring(entry.id)
        except Problem as problem:
            self._log.error(
                "work refused", tenant=entry.slug, problem=problem.code.id, reason=problem.message
            )
            return False
        except Exception as error:  # noqa: BLE001  (told, and tried again at the next round)
            self._log.error("work failed", tenant=entry.slug, raised=error)
            return False
        if more:
            self._tenants.bell.ring(entry.id)
        return more


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantWork:
    """The visit itself: the tenant's Release made ready for flows, and one turn of the worker.

    At the first visit of a day, as the company has it, amounts come to follow the rates, and what was long in
    the recycle bin goes for good. What flows have seen is taken up into the audit chain.
    """

    steps: Mapping[str, StepType]
    name: str

    def __call__(self, tenant: Tenant) -> bool:
        try:
            with tenant.pinned() as release:
                return release is not None and self._turn(tenant, release)
        except StaleRelease:
            tenant.reload()
            return True

    def _turn(self, tenant: Tenant, release: Release) -> bool:
        place = release.statements.get(("workplace", id(tenant)), lambda: self._place(tenant, release))
        if not work(place, self.name).idle:
            return True
        if due(session := tenant.upkeep(release)):
            revalue(session)
        keep_files(tenant, session)
        return carry_on(tenant.database) or sweep(session)

    def _place(self, tenant: Tenant, release: Release) -> Workplace:
        def person(user_id: str) -> Actor | None:
            with tenant.database.read() as connection:
                return load_actor(connection, release, user_id)

        return workplace(
            database=tenant.database,
            release=release,
            types=self.steps,
            clock=tenant.gate.clock,
            ids=tenant.gate.ids,
            zone=tenant.zone,
            open=lambda actor: tenant.session(release, actor),
            person=person,
        )


def worker_of(composition: Composition, tenants: Tenants, log: Log) -> Rounds:
    """A worker over all tenants, named apart from every other one."""
    return Rounds(tenants, TenantWork(steps=composition.steps, name=process_name()), log)
