"""Taking back, merging and handing over as jobs, where so many records are meant that nobody waits for them.

The work itself is that of `engine/changes/undo.py`, `engine/merging/merge.py` and `engine/handover.py`, which
go on where they were broken off; a job adds who does it when, how far it is, and that it can be cancelled:
then the change set stays open, until the same is asked for again or taken back. Results hold what the API
answers, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import codes
from engine.changes.ledger import change_set
from engine.changes.undo import undo
from engine.handover import hand_over
from engine.merging.merge import Merge, merge
from engine.problem import Problem
from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.changes.remedy import Conflict
    from engine.changes.undo import Undone
    from engine.handover import HandedOver
    from engine.jobs.job import Job
    from engine.jobs.progress import Progress
    from engine.merging.merge import Merged
    from engine.session import Session

LARGE = 2000
"""From so many records on it is done as a job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoJob:
    """Takes a change set back; the subject names it as `change_set`, with a `reason`."""

    name: str = "undo"

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        """Undo it as far as possible; what stays is in the result."""
        known = change_set(session, job.subject["change_set"]).change_set.id

        def told(done: int, total: int) -> None:
            progress.tell(done=done, total=total)

        return undone_told(undo(session, known, reason=job.subject["reason"], told=told))


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeJob:
    """Merges records; the subject is that of `merge_subject`."""

    name: str = "merge"

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        """Merge; versions were asked when it was queued, and are not asked again of what went on since."""
        asked = job.subject
        target = session.release.catalog.objects.get(asked["object"])
        if target is None:
            message = said("Its object is no longer there.")
            raise Problem(codes.NOT_FOUND, message, status=404, hint=codes.NOT_FOUND.mend)
        wanted = Merge(
            object=target, survivor=asked["survivor"], losers=tuple(asked["losers"]), take=asked["take"],
            versions={} if job.done else asked["versions"], reason=asked["reason"],
        )  # fmt: skip
        return merged_told(merge(session, wanted, lambda moved: progress.tell(done=moved)))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverJob:
    """Gives what somebody holds to others; the subject names `leaver`, `successors` and a `reason`."""

    name: str = "hand_over"

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        """Hand over what is left."""
        asked = job.subject
        done = hand_over(
            session, asked["leaver"], asked["successors"], reason=asked["reason"],
            told=lambda moved: progress.tell(done=moved),
        )  # fmt: skip
        return handed_told(done)


def merge_subject(asked: Merge) -> dict[str, Any]:
    """What a job has to know of a merge."""
    return {
        "object": asked.object.name,
        "survivor": asked.survivor,
        "losers": list(asked.losers),
        "take": dict(asked.take),
        "versions": dict(asked.versions),
        "reason": asked.reason,
    }


def conflict_told(one: Conflict) -> dict[str, Any]:
    """A record or a field that stays as it is, and why."""
    return {
        "object": one.object.name if one.object else None,
        "id": one.record,
        "field": one.field.name if one.field else None,
        "message": str(one.message),
    }


def undone_told(done: Undone) -> dict[str, Any]:
    """What an undo did or would do."""
    records: dict[str, dict[str, int]] = {}
    for (target, kind), number in done.records.items():
        records.setdefault(target.name, {})[str(kind)] = number
    return {
        "change_set": done.change_set,
        "records": records,
        "refused": done.refused,
        "hidden": done.hidden,
        "conflicts": [conflict_told(one) for one in done.conflicts],
    }


def merged_told(done: Merged) -> dict[str, Any]:
    """What a merge did, as far as its actor may see it."""
    return {
        "change_set": done.change_set,
        "survivor": done.survivor,
        "moved": {f"{link.object.name}.{link.name}": number for link, number in done.moved.items()},
        "gave_way": [
            {"object": one.object.name, "id": one.record, "message": str(one.message)}
            for one in done.gave_way
        ],
    }


def handed_told(done: HandedOver) -> dict[str, Any]:
    """What was handed over."""
    return {
        "change_set": done.change_set,
        "moved": dict(done.moved),
        "refused": done.refused,
        "conflicts": [conflict_told(one) for one in done.conflicts],
    }
