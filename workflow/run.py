"""The state of one flow at work: frozen values, kept as a row, pinned to the Flow version it started on.

A Run holds no thread and no connection. `advance` makes the next one, `store` keeps it, a worker carries it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class RunState(StrEnum):
    """Where a run stands. Only READY runs are claimed by workers."""

    READY = "ready"
    DONE = "done"
    FAILED = "failed"
    HELD = "held"
    """Its Flow version is gone from the Catalog; a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one flow.

    `flow` is the flow's id and `version` the digest of its definition; `object` and `record` name the record
    whose event `event` (a sequence number) started it; `starter` is the user behind that event. `position`
    counts the steps already done. `sequence` grows with each state kept and, with the lease, fences off a
    worker that comes too late. `depth` is how many flows stand behind each other in this chain of events.
    `reason` says, for a person, why a run FAILED or is HELD.
    """

    id: str
    flow: str
    version: str
    object: str
    record: str
    event: int
    starter: str | None
    depth: int
    position: int = 0
    sequence: int = 0
    state: RunState = RunState.READY
    due: datetime
    reason: str = ""

    def stopped(self, state: RunState, reason: str) -> Run:
        """Return this run, stopped for a reason that a person can act on."""
        return replace(self, state=state, reason=reason, sequence=self.sequence + 1)

    def moved(self, steps: int) -> Run:
        """Return this run one step further in a flow of `steps` steps."""
        position = self.position + 1
        state = RunState.DONE if position >= steps else RunState.READY
        return replace(self, position=position, state=state, sequence=self.sequence + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right of one worker to move a run until `until`, unless the run's `sequence` has moved on."""

    worker: str
    until: datetime


LEASE_TIME = timedelta(seconds=30)
"""Long enough for any step; after a crash another worker takes over when it has passed."""
