"""Events become runs: each event is shown once to each flow that watches its object.

The place in the sequence of events is kept in `s_meta` and moves in the transaction that keeps the runs; so
after a crash the same events are looked at again, and what was started before is not started twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.sequencer import events, sequence
from engine.system import meta, set_meta
from formula.program import FormulaError
from workflow.moment import after, earlier
from workflow.run import Run, RunState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.database import Connection
    from engine.sequencer import Event
    from engine.session import Session
    from metadata.catalog import ObjectType
    from workflow.place import Workplace
    from workflow.plan import PlannedFlow

CURSOR = "workflow.event"
BATCH = 200
DEEPEST = 10
"""How many flows may stand behind each other in one chain of events before the chain is stopped."""

_WORDS = {"created": "create", "restored": "create", "updated": "update", "deleted": "delete"}


def start_runs(place: Workplace) -> int:
    """Look at the next events, keep the runs they start, and return how many events were looked at.

    Raises `StaleRelease` when the Release is no longer the tenant's.
    """
    with place.database.read() as connection:
        if not _waiting(connection):
            return 0
    session = place.system()
    with session.transaction() as connection:
        sequence(connection)
        found = events(connection, int(meta(connection, CURSOR) or 0), BATCH)
        for event in found:
            for run in _runs(place, session, connection, event):
                place.store.start(connection, run)
        if found:
            set_meta(connection, CURSOR, str(found[-1].seq))
    return len(found)


def _waiting(connection: Connection) -> bool:
    """Whether there may be events beyond the cursor: a read without a lock is all an idle tenant costs."""
    if events(connection, int(meta(connection, CURSOR) or 0), 1):
        return True
    if connection.dialect.sqlite:
        return False
    return connection.row("SELECT 1 FROM s_journal WHERE seq IS NULL LIMIT 1") is not None


def _runs(place: Workplace, session: Session, connection: Connection, event: Event) -> Iterator[Run]:
    if not event.automation:
        return
    for planned in place.flows.by_start.get(event.object, ()):
        if _WORDS.get(event.kind) not in planned.flow.start.on:
            continue
        target = planned.flow.start.object
        try:
            if _starts(place, session, planned, target, event):
                yield _run(place, planned, event, place.store.depth(connection, event.change_set) + 1)
        except FormulaError as error:
            failed = _run(place, planned, event, 1)
            yield failed.stopped(RunState.FAILED, f"The start condition cannot be computed: {error}")


def _starts(
    place: Workplace, session: Session, planned: PlannedFlow, target: ObjectType, event: Event
) -> bool:
    if planned.when is None:
        return True
    moment = after(session, target, event, planned.reads, place.clock())
    return moment is not None and planned.starts(moment, earlier(moment))


def _run(place: Workplace, planned: PlannedFlow, event: Event, depth: int) -> Run:
    flow = planned.flow
    run = Run(
        id=place.ids(),
        flow=flow.id,
        version=flow.version,
        object=flow.start.object.name,
        record=event.record,
        event=event.seq,
        starter=event.actor,
        depth=depth,
        due=place.clock(),
    )
    if depth > DEEPEST:
        return run.stopped(
            RunState.FAILED,
            f"{DEEPEST} flows have started each other, ending with {flow.name!r}. "
            "Give one of them a start condition that is false for what the others write.",
        )
    return run
