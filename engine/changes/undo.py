"""Taking a change set back: what nobody touched since is as it was before, the rest is listed as conflicts.

An undo writes through the save like anybody else, with the rights of who asks for it, and is a change set of
its own, so it can be taken back too. It works in chunks; broken off and repeated, it goes on where it was,
for what is already as before is left alone. Called by pages, API and command line.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.changes.net import Touched, remedies, touched
from engine.changes.remedy import Conflict, Remedy, conflict, remedy
from engine.changes.undertaking import chunks, undertaking
from engine.mutation import Mutation
from engine.problem import Problem
from engine.save.work import Kind
from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from engine.database import Connection
    from engine.session import Session
    from metadata.catalog import ObjectType

ENTRY = "undo"
ORDER = (Kind.RESTORED, Kind.UPDATED, Kind.DELETED)
"""First what others may point to comes back, last what nothing points to any more goes."""
LISTED = 200
"""Conflicts that are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo did, or would do.

    `records` counts by object and by what happens to them; `conflicts` are the first `LISTED` of `refused`.
    `change_set` is that of the undo, None for a preview and where nothing was left to do.
    """

    change_set: str | None
    records: Mapping[tuple[ObjectType, Kind], int]
    conflicts: tuple[Conflict, ...]
    refused: int


@dataclass(slots=True, kw_only=True)
class _Tally:
    records: Counter[tuple[ObjectType, Kind]] = field(default_factory=Counter)
    conflicts: list[Conflict] = field(default_factory=list)

    def told(self, change_set: str | None) -> Undone:
        return Undone(
            change_set=change_set,
            records={key: number for key, number in self.records.items() if number},
            conflicts=tuple(self.conflicts[:LISTED]),
            refused=len(self.conflicts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Touched records of one object to which the same is to happen."""

    object: ObjectType
    kind: Kind
    records: Sequence[Touched]

    def only(self, ids: Container[str]) -> _Part:
        return replace(self, records=[each for each in self.records if each.record in ids])


def preview_undo(session: Session, change_set: str) -> Undone:
    """What `undo` would do to the change set with this id now; writes nothing.

    A save may refuse more than this shows: rules and rights on values are asked when it is done.
    """
    found = _Tally()
    with session.reading() as connection:
        parts = _parts(session, connection, change_set, found)
    leaving = frozenset(each.record for part in parts if part.kind is Kind.DELETED for each in part.records)
    for part in parts:
        for chunk in chunks(part.records):
            with session.reading() as connection:
                one = remedy(session, connection, part.object, part.kind, chunk, leaving, locking=False)
            found.records[part.object, part.kind] += len(one.changes)
            found.conflicts += (*one.conflicts, *one.held)
    return found.told(None)


def undo(session: Session, change_set: str, *, reason: str = "") -> Undone:
    """Take a change set back, in transactions of some hundred records, and say what could not be.

    The caller has asked whether the actor may see the change set; each record is changed with her rights.
    """
    found = _Tally()
    with session.reading() as connection:
        parts = _parts(session, connection, change_set, found)
    with undertaking(session, entry=ENTRY, reason=reason, subject=change_set) as held:
        for kind in ORDER:
            _rounds(session, [part for part in parts if part.kind is kind], held, reason, found)
    return found.told(held if found.records.total() else None)


def _parts(session: Session, connection: Connection, change_set: str, found: _Tally) -> tuple[_Part, ...]:
    release = session.release
    objects = {target.id: target for target in release.catalog.objects.values() if not target.retired}
    by: dict[tuple[Kind, str], list[Touched]] = {}
    for each in touched(connection, release, change_set):
        if each.object not in objects:
            message = said("Its object is no longer there.")
            found.conflicts.append(Conflict(object=None, record=each.record, field=None, message=message))
            continue
        for kind in remedies(each.kinds):
            by.setdefault((kind, each.object), []).append(each)
    ordered = sorted(by, key=lambda key: (ORDER.index(key[0]), objects[key[1]].table))
    return tuple(_Part(object=objects[key[1]], kind=key[0], records=by[key]) for key in ordered)


def _rounds(session: Session, parts: Sequence[_Part], held: str, reason: str, found: _Tally) -> None:
    """Part by part; what was refused is tried again as long as others went before it."""
    while parts:
        refused: dict[str, Conflict] = {}
        done = 0
        for part in parts:
            for chunk in chunks(part.records):
                one, problems = _take_back(session, part, chunk, held, reason)
                found.conflicts += one.conflicts
                saved = len(one.changes) - len(problems)
                found.records[part.object, part.kind] += saved
                done += saved
                refused |= {each.record: each for each in (*one.held, *problems)}
        if not done or not refused:
            found.conflicts += refused.values()
            return
        parts = [part.only(refused) for part in parts]


def _take_back(
    session: Session, part: _Part, chunk: Sequence[Touched], held: str, reason: str
) -> tuple[Remedy, tuple[Conflict, ...]]:
    """One transaction: what is to be done, and what the save refused of it."""

    def run(connection: Connection) -> tuple[Remedy, tuple[Conflict, ...]]:
        one = remedy(session, connection, part.object, part.kind, chunk, frozenset())
        if not one.changes:
            return one, ()
        mutation = Mutation(
            object=part.object, changes=one.changes, entry=ENTRY, reason=reason, automation=False,
            partial=True, answer=False, reverting=True,
        )  # fmt: skip
        try:
            problems = session.save(connection, mutation, held).problems
        except Problem as problem:
            return one, tuple(conflict(part.object, change.id, problem) for change in one.changes)
        pairs = zip(one.changes, problems, strict=True)
        return one, tuple(conflict(part.object, change.id, problem) for change, problem in pairs if problem)

    return session.written(run)
