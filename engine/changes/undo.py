"""Taking a change set back: what nobody touched since is as it was before, the rest is listed as conflicts.

An undo writes through the save like anybody else, with the rights of who asks for it, and is a change set of
its own, so it can be taken back too. It works in chunks; broken off and repeated, it goes on where it was,
for what is already as before is left alone. Called by pages, API and command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from engine.changes.net import Touched, remedies, touched
from engine.changes.remedy import Conflict, Remedy, conflict, remedy, shown_to
from engine.changes.undertaking import chunks, undertaking
from engine.merging.parting import parting
from engine.merging.redirect import reset_redirects, suspend_redirects
from engine.mutation import Mutation, Nature, Update
from engine.problem import Problem
from engine.save.work import Kind
from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from engine.database import Connection
    from engine.merging.parting import Parting
    from engine.mutation import Change
    from engine.session import Session
    from metadata.catalog import ObjectType

    _Key = tuple[Kind, str, str]

ENTRY = "undo"
ORDER = (Kind.RESTORED, Kind.UPDATED, Kind.DELETED)
"""First what others may point to comes back, last what nothing points to any more goes."""
LISTED = 200
"""Conflicts that are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo did, or would do.

    `records` counts by object and by what happens to them; `conflicts` are the first `LISTED` of `refused`
    but for the `hidden` ones, of records that the asker may not see.
    `change_set` is that of the undo, None for a preview and where nothing was left to do.
    """

    change_set: str | None
    records: Mapping[tuple[ObjectType, Kind], int]
    conflicts: tuple[Conflict, ...]
    refused: int
    hidden: int


@dataclass(slots=True, kw_only=True)
class _Tally:
    records: dict[tuple[ObjectType, Kind], set[str]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def add(self, part: _Part, changes: Iterable[Change]) -> None:
        """What is to happen to these records; one whose fields follow one after another counts once."""
        self.records.setdefault((part.object, part.kind), set()).update(_id(each) for each in changes)

    def told(self, session: Session, change_set: str | None) -> Undone:
        shown = shown_to(session, self.conflicts)
        return Undone(
            change_set=change_set,
            records={key: len(ids) for key, ids in self.records.items() if ids},
            conflicts=tuple(shown[:LISTED]),
            refused=len(self.conflicts),
            hidden=len(self.conflicts) - len(shown),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Touched records of one object to which the same is to happen.

    `relinking`: they only hang on records that were merged; see `engine/merging/parting.py`.
    """

    object: ObjectType
    kind: Kind
    relinking: bool
    records: Sequence[Touched]

    def key(self, record: str) -> _Key:
        return self.kind, self.object.id, record

    def only(self, keys: Container[_Key]) -> _Part:
        return replace(self, records=[each for each in self.records if self.key(each.record) in keys])


def preview_undo(session: Session, change_set: str) -> Undone:
    """What `undo` would do to the change set with this id now; writes nothing.

    A save may refuse more than this shows: rules and rights on values are asked when it is done.
    """
    found = _Tally()
    with session.reading() as connection:
        merged = parting(session, connection, change_set)
        parts = _parts(session, connection, change_set, merged, found)
    leaving = frozenset(each.record for part in parts if part.kind is Kind.DELETED for each in part.records)
    for part in parts:
        for chunk in chunks(part.records):
            with session.reading() as connection:
                one = remedy(
                    session, connection, part.object, part.kind, chunk, leaving, locking=False,
                    relinking=part.relinking,
                )  # fmt: skip
            found.add(part, one.changes)
            found.conflicts += (*one.conflicts, *one.held)
    return found.told(session, None)


def undo(
    session: Session, change_set: str, *, reason: str = "", told: Callable[[int, int], None] = lambda *_: None
) -> Undone:
    """Take a change set back, in transactions of some hundred records, and say what could not be.

    The caller has asked whether the actor may see the change set; each record is changed with her rights.
    `told` hears after each transaction how many records have been dealt with, and of how many; what it raises
    ends the work, which goes on when it is repeated.
    """
    found = _Tally()
    with session.reading() as connection:
        merged = parting(session, connection, change_set)
        parts = _parts(session, connection, change_set, merged, found)
    with undertaking(session, entry=ENTRY, reason=reason, subject=change_set) as held:
        if merged is not None and merged.merge == change_set:
            session.written(partial(suspend_redirects, release=session.release, merge=change_set))
        _sweep(session, parts, held, reason, found, told)
        if merged is not None:
            settled = partial(reset_redirects, release=session.release, merge=merged.merge, undone=change_set)
            session.written(settled)
    return found.told(session, held if any(found.records.values()) else None)


def _parts(
    session: Session, connection: Connection, change_set: str, merged: Parting | None, found: _Tally
) -> tuple[_Part, ...]:
    release = session.release
    objects = {target.id: target for target in release.catalog.objects.values() if not target.retired}
    by: dict[tuple[Kind, str, bool], list[Touched]] = {}
    for each in touched(connection, release, change_set):
        if each.object not in objects:
            message = said("Its object is no longer there.")
            found.conflicts.append(Conflict(object=None, record=each.record, field=None, message=message))
            continue
        carried = merged is not None and merged.carried(each.object, each.record)
        for kind in remedies(each.kinds):
            by.setdefault((kind, each.object, carried), []).append(each)
    ordered = sorted(by, key=lambda key: (ORDER.index(key[0]), objects[key[1]].table, key[2]))
    return tuple(
        _Part(object=objects[key[1]], kind=key[0], relinking=key[2], records=by[key]) for key in ordered
    )


def _sweep(
    session: Session, parts: Sequence[_Part], held: str, reason: str, found: _Tally,
    told: Callable[[int, int], None],
) -> None:  # fmt: skip
    """Part by part; what was refused is tried again as long as others went before it."""
    total, ended = sum(len(part.records) for part in parts), 0
    while parts:
        refused: dict[_Key, Conflict | None] = {}
        done = 0
        for part in parts:
            refused |= _binned(part, refused)
            for chunk in chunks([each for each in part.records if part.key(each.record) not in refused]):
                one = _take_back(session, part, chunk, held, reason)
                found.conflicts += one.conflicts
                found.add(part, one.changes)
                done += len(one.changes)
                refused |= {part.key(each.record): each for each in one.held}
                ended += len(chunk) - len(one.held)
                told(min(ended, total), total)
        if not done or not refused:
            found.conflicts += filter(None, refused.values())
            return
        parts = [part.only(refused) for part in parts]


def _binned(part: _Part, refused: Container[_Key]) -> dict[_Key, Conflict | None]:
    """What could not be brought back yet cannot be changed yet, which needs no words of its own."""
    ids = (each.record for each in part.records if part.kind is Kind.UPDATED)
    return {part.key(id_): None for id_ in ids if (Kind.RESTORED, part.object.id, id_) in refused}


def _take_back(session: Session, part: _Part, chunk: Sequence[Touched], held: str, reason: str) -> Remedy:
    """One transaction: what was done, what is a conflict, and what could not be done yet."""

    def run(connection: Connection) -> Remedy:
        one = remedy(
            session, connection, part.object, part.kind, chunk, frozenset(), relinking=part.relinking
        )
        save = partial(_save, session, connection, part, held, reason)
        refused = save(one.changes)
        rest = tuple(filter(None, (_rest(change, refused.get(_id(change))) for change in one.changes)))
        again = {_id(each) for each in rest} - save(rest).keys()
        done = tuple(each for each in one.changes if _id(each) not in refused or _id(each) in again)
        told = (conflict(part.object, id_, problem) for id_, problem in refused.items())
        return Remedy(changes=done, conflicts=one.conflicts, held=(*one.held, *told))

    return session.written(run)


def _save(
    session: Session, connection: Connection, part: _Part, held: str, reason: str, changes: Sequence[Change]
) -> dict[str, Problem]:
    """Save what can be, and say why the rest cannot, by record."""
    if not changes:
        return {}
    mutation = Mutation(
        object=part.object, changes=tuple(changes), entry=ENTRY, reason=reason, automation=False,
        partial=True, answer=False, accept_duplicates=True,
        nature=Nature.RELINKING if part.relinking else Nature.REVERTING,
    )  # fmt: skip
    try:
        problems = session.save(connection, mutation, held).problems
    except Problem as problem:
        return {_id(each): problem for each in changes}
    return {_id(each): problem for each, problem in zip(changes, problems, strict=True) if problem}


def _rest(change: Change, problem: Problem | None) -> Update | None:
    """The change of a record without the fields that were refused, if something of it is left."""
    refused = {detail.field for detail in problem.details} if problem else set[str | None]()
    if not refused or not isinstance(change, Update) or not refused <= change.values.keys():
        return None
    values = {name: value for name, value in change.values.items() if name not in refused}
    return replace(change, values=values) if values else None


def _id(change: Change) -> str:
    assert change.id is not None, "an undo makes no records"
    return change.id
