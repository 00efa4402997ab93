"""The worker: turns events into runs and moves due runs, one step and one transaction at a time.

The write of a step and the run's next state are committed together, fenced by lease and sequence: after
kill -9, and with any number of workers, each step happens once. Knows one tenant; which tenant is due is the
runtime's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from engine.database import Conflict
from engine.mutation import Create, Mutation, Update
from engine.problem import Problem
from workflow import moment
from workflow.advance import advance
from workflow.effect import CreateRecord, UpdateRecord
from workflow.run import LEASE_TIME, Lease, RunState
from workflow.start import start_runs
from workflow.store import Fenced

if TYPE_CHECKING:
    from engine.session import Session
    from workflow.advance import Outcome
    from workflow.effect import Effect
    from workflow.place import Workplace
    from workflow.plan import PlannedFlow
    from workflow.run import Run

BATCH = 20
"""Runs leased at once; a worker that dies leaves no more than these to wait for their leases to end."""

ENTRY = "flow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What one turn did: events looked at and steps done. Both 0: there is nothing to do now."""

    events: int
    steps: int

    @property
    def idle(self) -> bool:
        """Whether the turn found nothing to do."""
        return not (self.events or self.steps)


def work(place: Workplace, worker: str) -> Progress:
    """Take one turn for a tenant: start runs for new events, then move the runs that are due.

    `worker` names this worker among all others. Raises `StaleRelease` when the tenant has a newer Release;
    nothing is lost then, and the caller comes back with it.
    """
    started = start_runs(place)
    return Progress(events=started, steps=sum(_move(place, run, worker) for run in _claim(place, worker)))


def _claim(place: Workplace, worker: str) -> tuple[Run, ...]:
    now = place.clock()
    with place.database.read() as connection:
        if not place.store.any_due(connection, now):
            return ()
    lease = Lease(worker=worker, until=now + LEASE_TIME)
    with place.database.write() as connection:
        return place.store.claim(connection, lease, now, BATCH)


def _move(place: Workplace, run: Run, worker: str) -> int:
    """Do all steps of a leased run that can be done now; return how many were done."""
    done = 0
    while run.state is RunState.READY:
        try:
            run, done = _step(place, run, worker), done + 1
        except (Fenced, Conflict):
            # Somebody else has moved it, or stood in the way; the run is where it was, and is claimed again.
            break
        except Problem as problem:
            run = _stop(place, run, worker, RunState.FAILED, _sentence(problem))
    return done


def _step(place: Workplace, run: Run, worker: str) -> Run:
    planned = place.flows.of(run)
    if planned is None:
        return _stop(place, run, worker, RunState.HELD, "The flow has changed since this run started.")
    session = place.session(planned, run)
    if session is None:
        return _stop(place, run, worker, RunState.FAILED, "Who started this flow can no longer act.")
    with session.transaction() as connection:
        outcome = _outcome(place, session, planned, run)
        change_sets = [_perform(session, effect, planned) for effect in outcome.effects]
        for change_set in change_sets:
            place.store.mark(connection, change_set, run.depth)
        leased = outcome.run.state is RunState.READY
        place.store.move(connection, run, outcome.run, worker, leased=leased)
    return outcome.run


def _outcome(place: Workplace, session: Session, planned: PlannedFlow, run: Run) -> Outcome:
    target = planned.flow.start.object
    reads = planned.steps[run.position].reads
    seen = moment.now(session, target, run.record, reads, run.starter, place.clock())
    return advance(planned, run, seen)


def _perform(session: Session, effect: Effect, planned: PlannedFlow) -> str:
    """Write what a step wants through the flow's own Session; return the change set."""
    target = session.release.catalog.objects[effect.target]
    match effect:
        case CreateRecord(values=values):
            change: Create | Update = Create(values=values)
        case UpdateRecord(record=record, values=values):
            change = Update(id=record, values=values)
        case _:
            assert_never(effect)
    reason = planned.flow.name
    mutation = Mutation(
        object=target,
        changes=(change,),
        entry=ENTRY,
        reason=reason,
        answer=False,
        accept_duplicates=True,  # nobody is there to be asked; a steward sees them
    )
    return session.apply(mutation).change_set


def _stop(place: Workplace, run: Run, worker: str, state: RunState, reason: str) -> Run:
    stopped = run.stopped(state, reason)
    with place.database.write() as connection:
        place.store.move(connection, run, stopped, worker)
    return stopped


def _sentence(problem: Problem) -> str:
    details = "; ".join(f"{detail.field}: {detail.message}" for detail in problem.details)
    return f"{problem.message} {details}".strip()
