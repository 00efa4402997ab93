"""A Job: long work that waits, runs in short transactions, tells how far it is, and can be cancelled and
resumed.

`JobKind` is what one kind of work must bring; the kinds are bound in the composition root. A job runs as the
actor who asked for it, with the rights that she has when it runs. Kept by `store.py`, asked for at `desk.py`,
performed by `turn.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.jobs.progress import Progress
    from engine.session import Session


class JobState(StrEnum):
    """Where a job stands; the last three are its ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work; all mappings hold what JSON can hold.

    `actor` is the id of the user who asked, None for the system, `impersonator` who asked in her name.
    `about` is a short text for people, such as the name of a file. `subject` says what is to be done and
    never changes; `cursor` is what the job itself has saved to go on from. `done` and `total` are counts of
    whatever the kind counts; `total` is None where nobody knows yet. `result` and `problem` come with the
    end, `problem` as RFC 9457 has it. `cancelling`: somebody wants it to stop. `attempts` counts how often it
    was taken up since it last got anywhere.
    """

    id: str
    kind: str
    state: JobState
    actor: str | None
    impersonator: str | None
    about: str
    subject: Mapping[str, Any]
    made_at: datetime
    done: int = 0
    total: int | None = None
    cursor: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    problem: Mapping[str, Any] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cancelling: bool = False
    attempts: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED


class JobKind(Protocol):
    """One kind of long work. Frozen and without state: what it needs is in the job and the tenant."""

    @property
    def name(self) -> str:
        """What jobs of this kind are called, such as `import`; kept with each of them."""

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        """Do it, or go on with it from `progress.cursor`; return the result.

        Called again from the start after a crash, a new Release or a pause: what was committed by
        `progress.step` is there then, and nothing else. Raise `Problem` to fail; let what `progress` raises
        pass.
        """
