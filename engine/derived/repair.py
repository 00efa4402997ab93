"""Proof that what is stored is what would be computed, and the mend where it is not.

Every value is computed from scratch, level by level: where all of a level are right, those of the next are
judged by right ones. Called by `strata derived` and by tests; a save never needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.changeset import ChangeSet, write_change_set
from engine.derived.graph import graph
from engine.derived.scan import Scan
from engine.derived.storing import entries
from engine.journal import write_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.database import Connection
    from engine.derived.computing import Found
    from engine.derived.graph import Group
    from engine.session import Session
    from metadata.catalog import Field, ObjectType

ENTRY = "repair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A stored value that is not what it should be."""

    field: Field
    record: str
    stored: Any
    right: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What was wrong and is right now; `change_set` is None where nothing was."""

    change_set: str | None
    records: int


def check(session: Session, target: ObjectType | None = None) -> Iterator[Difference]:
    """Each value of an object, or of all, that is not right; nothing is written."""
    for scan in _scans(session, target):
        fields = {each.field.name: each.field for each in scan.group.derived}
        for found in scan.wrong():
            for name in sorted(found.wrong):
                yield Difference(
                    field=fields[name], record=found.id, stored=found.stored[name], right=found.right[name]
                )


def repair(session: Session, target: ObjectType | None = None, *, reason: str = "") -> Repaired:
    """Write what is right, in one change set over transactions of some hundred records."""
    change_set = ChangeSet(
        id=session.ids(),
        at=session.clock(),
        actor=session.actor.id,
        entry=ENTRY,
        reason=reason,
        automation=False,
    )
    records = sum(
        scan.put_right(partial(_told, session, change_set, scan.group)) for scan in _scans(session, target)
    )
    return Repaired(change_set=change_set.id if records else None, records=records)


def _told(
    session: Session, change_set: ChangeSet, group: Group, connection: Connection, wrong: Sequence[Found]
) -> None:
    write_change_set(connection, session.release, change_set)
    made = entries(group, wrong)
    write_entries(connection, session.release, change_set.id, made, session.ids, session.clock())


def _scans(session: Session, target: ObjectType | None) -> Iterator[Scan]:
    given = session.reader().given
    for group in graph(session.release).groups:
        if target is None or group.object is target:
            yield Scan(release=session.release, database=session.database, group=group, given=given)
