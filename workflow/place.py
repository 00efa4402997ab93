"""Where a worker works: one tenant on one Release, with its flows made ready and a door for each actor.

Made by the composition root for each Release; holds no state of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.actor import system_actor
from workflow.plan import Flows, plan_flows
from workflow.store import RunStore, run_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from engine.actor import Actor
    from engine.clock import Clock
    from engine.database import Database
    from engine.release import Release
    from engine.session import Session
    from workflow.plan import PlannedFlow
    from workflow.run import Run
    from workflow.step import StepType


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workplace:
    """One tenant as a worker sees it.

    `open` gives a Session for an actor; `person` the actor of a user id, or None when she can act no more.
    """

    database: Database
    release: Release
    flows: Flows
    store: RunStore
    clock: Clock
    ids: Callable[[], str]
    zone: ZoneInfo
    open: Callable[[Actor], Session]
    person: Callable[[str], Actor | None]

    def system(self) -> Session:
        """A Session of the system's own actor, in the tenant's time zone."""
        return self.open(system_actor(zone=self.zone))

    def session(self, planned: PlannedFlow, run: Run) -> Session | None:
        """A Session of the actor the flow runs as; None when that person cannot act any more."""
        if planned.flow.run_as == "system":
            return self.system()
        actor = None if run.starter is None else self.person(run.starter)
        return None if actor is None else self.open(actor)


def workplace(
    *,
    database: Database,
    release: Release,
    types: Mapping[str, StepType],
    clock: Clock,
    ids: Callable[[], str],
    zone: ZoneInfo,
    open: Callable[[Actor], Session],  # noqa: A002
    person: Callable[[str], Actor | None],
) -> Workplace:
    """Make a tenant's Release ready for workers; some milliseconds per flow."""
    return Workplace(
        database=database,
        release=release,
        flows=plan_flows(release.catalog, types),
        store=run_store(release.dialect),
        clock=clock,
        ids=ids,
        zone=zone,
        open=open,
        person=person,
    )
