"""The scan for duplicates as long work: resumable, and all it puts into sets is one change set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.changes.undertaking import undertaking
from engine.jobs.progress import Mark
from engine.matching.scan import FIRST, Scanned, scan
from engine.matching.sets import ENTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Connection
    from engine.jobs.job import Job
    from engine.jobs.progress import Progress
    from engine.session import Session

KIND = "duplicate_scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanKind:
    """`subject` is `{object: name}`, whose rules alone are looked at, or empty: the rules of all."""

    name: ClassVar[str] = KIND

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        """Go on from the last key; the result tells how many keys and sets there were."""
        named = job.subject.get("object")
        only = session.release.catalog.objects.get(str(named)) if named else None
        so_far = _read(progress.cursor)
        with undertaking(session, entry=ENTRY, reason=job.about, subject=job.id) as change_set:

            def step(connection: Connection) -> tuple[Mark, Scanned]:
                found = scan(session, connection, so_far, change_set, only)
                return Mark(done=found.keys, cursor=_written(found)), found

            while not so_far.done:
                so_far = progress.step(step)
        return {"keys": so_far.keys, "sets": so_far.sets, "change_set": change_set}


def _read(cursor: Mapping[str, Any]) -> Scanned:
    return Scanned(
        last=str(cursor.get("last", FIRST)), keys=int(cursor.get("keys", 0)), sets=int(cursor.get("sets", 0))
    )


def _written(found: Scanned) -> dict[str, object]:
    return {"last": found.last, "keys": found.keys, "sets": found.sets}
