"""Merging: several records of one object become one, and what hangs on them hangs on that one.

A small merge is one transaction. A large one is one change set of several, which is gone on with where it was
broken off; its steps are in an order in which readers see as little of it as can be: first what hangs on the
losers moves, some hundred records at a time, then all the rest happens at once – the losers go into the bin,
their ids lead to the survivor, and it gets the values that were chosen. Taken back by undoing the change set
(`parting.py`). Called by pages, API, command line and jobs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine import codes
from engine.access import Action, Never
from engine.changes.reach import within_reach
from engine.changes.undertaking import CHUNK, undertaking
from engine.changeset import ChangeSet, write_change_set
from engine.ids import canonical_id
from engine.matching.sets import settle
from engine.merging.codes import BAD_MERGE
from engine.merging.moving import ENTRY, GaveWay, Moving, links_to, loosen, move_some, pointing_at
from engine.merging.proposal import Choice, choices, values_of
from engine.merging.redirect import merging_now, redirects_of, settle_redirects, write_redirects
from engine.mutation import Delete, Mutation, Update
from engine.planner import granted
from engine.problem import Problem
from engine.save.before import missing, read_before
from engine.save.stale import check_version
from engine.save.work import row_problem
from engine.sentence import said
from metadata.system import DEPARTMENT, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.database import Connection
    from engine.session import Session
    from metadata.catalog import Field, ObjectType

MOST = 100
"""Records that are merged at once."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What is asked: `losers` become `survivor` (ids of records of `object`).

    `take` says whose value a field takes, see `proposal.choices`; `versions` the version of each record that
    the asker saw, of those she names. `reason` is kept with the change set.
    """

    object: ObjectType
    survivor: str
    losers: tuple[str, ...]
    take: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    versions: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    reason: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The survivor first."""
        return (self.survivor, *self.losers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came of it, as far as the actor may see: how many records moved by each link, and those that could
    not as they were.
    """

    change_set: str
    survivor: str
    moved: Mapping[Field, int]
    gave_way: tuple[GaveWay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a merge would come to: `rows` are the records' values by id, the survivor first.

    `choices` are the fields that the actor may choose from; `moving` counts, by link and up to
    `engine.tally.MOST` for each loser, the records that she may see and that would move.
    """

    rows: Mapping[str, Mapping[str, Any]]
    choices: tuple[Choice, ...]
    moving: Mapping[Field, int]


def mergeable(session: Session, target: ObjectType) -> bool:
    """Whether the actor may merge any records of an object, and they are of a kind that is merged."""
    kind = target.singleton or target.query or target.retired or target.name in (USER, DEPARTMENT)
    decisions = (session.policy.decide(target, each) for each in (Action.UPDATE, Action.DELETE))
    return not kind and not any(isinstance(each, Never) for each in decisions)


def propose(session: Session, asked: Merge) -> Proposal:
    """What `merge` would do; writes nothing. Raises `Problem` as it does, but for what only a save knows."""
    asked = _checked(session, asked)
    with session.reading() as connection:
        rows = _records(session, connection, asked, locking=False)
        found = choices(session.release, session.policy, asked.object, list(rows.values()), asked.take)
    policy = session.policy
    seen = [
        link
        for link in links_to(session.release, asked.object)
        if policy.reads(link.object) and policy.readable(link)
    ]
    counts = [session.tally(tuple(seen), loser) for loser in asked.losers]
    moving = {link: sum(each) for link, each in zip(seen, zip(*counts, strict=True), strict=True)}
    return Proposal(rows=rows, choices=found, moving={link: n for link, n in moving.items() if n})


def weight(session: Session, asked: Merge, most: int) -> int:
    """How many records hang on the losers, whoever may see them; counting stops at `most`."""
    asked = _checked(session, asked)
    moving = _moving(session, asked, "")
    found = 0
    with session.reading() as connection:
        for link in links_to(session.release, asked.object):
            found += len(pointing_at(moving, connection, link, most - found))
            if found >= most:
                return most
    return found


def merge(session: Session, asked: Merge, told: Callable[[int], None] = lambda _: None) -> Merged:
    """Merge, and say what moved; `told` hears after each transaction how many records have moved so far.

    The actor needs to be allowed to change all of the records and to delete the losers; what hangs on them
    moves whether she sees it or not. Repeated after it was broken off, it goes on. Raises `Problem`: those
    rights, a version that is not the record's any more, choices that cannot be made, values that the save
    refuses; and what `told` raises.
    """
    asked = _checked(session, asked)
    if weight(session, asked, CHUNK + 1) <= CHUNK and not _begun(session, asked):
        return session.written(lambda connection: _at_once(session, connection, asked))
    with undertaking(session, entry=ENTRY, reason=asked.reason, subject=asked.survivor) as change_set:
        moving = _moving(session, asked, change_set)
        session.written(lambda connection: _begin(moving, connection, asked, pending=True))
        for link in links_to(session.release, asked.object):
            step = partial(move_some, link=link)
            while (number := _piece(moving, step)) is not None:
                told(number)
        _piece(moving, partial(_end, asked=asked))
    return _merged(moving)


def _piece(moving: Moving, work: Callable[[Moving, Connection], bool]) -> int | None:
    """One transaction of a merge, which may have to be tried again: what it counts is added when it is done.

    Returns how many records have moved by now; None: there was nothing left to do.
    """

    def run(connection: Connection) -> Moving | None:
        part = replace(moving, moved={}, seen={}, gave_way=[])
        return part if work(part, connection) else None

    part = moving.session.written(run)
    if part is None:
        return None
    for whole, counts in ((moving.moved, part.moved), (moving.seen, part.seen)):
        for link, number in counts.items():
            whole[link] = whole.get(link, 0) + number
    moving.gave_way += part.gave_way
    return sum(moving.moved.values())


def _begun(session: Session, asked: Merge) -> bool:
    """Whether some merge of these records was broken off."""
    with session.reading() as connection:
        return bool(merging_now(connection, session.release, asked.object, asked.ids))


def _checked(session: Session, asked: Merge) -> Merge:
    """The same with canonical ids; raises `Problem` for what cannot be merged whatever the records are."""
    target = asked.object
    for action in (Action.UPDATE, Action.DELETE):
        granted(session.policy, target, action)
    if not mergeable(session, target):
        message = said("Records of {object} are not merged.", object=target.name)
        raise Problem(BAD_MERGE, message, status=422, hint=BAD_MERGE.mend)
    known = {raw: canonical_id(raw) for raw in (*asked.ids, *asked.take.values(), *asked.versions)}
    for raw in asked.ids:
        if known[raw] is None:
            raise missing(target, raw)
    ids = tuple(str(known[raw]) for raw in asked.ids)
    if not 2 <= len(set(ids)) == len(ids) <= MOST:
        message = said("From 2 to {most} different records are merged.", most=MOST)
        raise Problem(BAD_MERGE, message, status=422, hint=BAD_MERGE.mend)
    take = {name: known[raw] or raw for name, raw in asked.take.items()}
    versions = {str(known[raw]): version for raw, version in asked.versions.items() if known[raw]}
    return replace(asked, survivor=ids[0], losers=ids[1:], take=take, versions=versions)


def _moving(session: Session, asked: Merge, change_set: str) -> Moving:
    return Moving(
        session=session, target=asked.object, survivor=asked.survivor, losers=asked.losers,
        reason=asked.reason, change_set=change_set,
    )  # fmt: skip


def _at_once(session: Session, connection: Connection, asked: Merge) -> Merged:
    made = ChangeSet(
        id=session.ids(), at=session.clock(), actor=session.actor.id, entry=ENTRY, reason=asked.reason,
        automation=False, impersonator=session.actor.impersonator, subject=asked.survivor,
    )  # fmt: skip
    moving = _moving(session, asked, made.id)
    write_change_set(connection, session.release, made)
    _begin(moving, connection, asked, pending=False)
    _end(moving, connection, asked)
    return _merged(moving)


def _begin(moving: Moving, connection: Connection, asked: Merge, *, pending: bool) -> None:
    """Ask whether all of it may be done, and say from now on that it is being done."""
    session, release = moving.session, moving.session.release
    begun = {old: new for _, old, new, _ in redirects_of(connection, release, moving.change_set)}
    if begun != (dict.fromkeys(asked.losers, asked.survivor) if begun else {}):
        raise _busy()
    if begun:
        return
    rows = _records(session, connection, asked, locking=True)
    if merging_now(connection, release, asked.object, asked.ids):
        raise _busy()
    choices(release, session.policy, asked.object, list(rows.values()), asked.take)
    write_redirects(
        connection, release, asked.object, asked.losers, asked.survivor, moving.change_set, pending=pending
    )


def _end(moving: Moving, connection: Connection, asked: Merge) -> bool:
    """What still hangs on the losers, the losers themselves, the survivor's values: in one transaction."""
    session, release, target = moving.session, moving.session.release, asked.object
    rows = _records(session, connection, replace(asked, versions=NOTHING), locking=True)
    found = choices(release, session.policy, target, list(rows.values()), asked.take)
    for link in links_to(release, target):
        while move_some(moving, connection, link):
            """Until nothing hangs on the losers any more; they are locked, so that nothing new comes."""
    loosen(moving, connection)
    _save(moving, connection, *(Delete(id=loser) for loser in asked.losers))
    settle_redirects(connection, release, moving.change_set)
    (now,) = moving.rows(connection, target, [asked.survivor])
    values = values_of(found, now.before, frozenset(asked.ids))
    try:
        _save(moving, connection, Update(id=asked.survivor, values=values))
    except Problem as problem:
        tree = target.tree
        if tree is None or tree.name in asked.take or not _closes_ring(problem):
            raise
        # Nobody chose what stands above it, so that nothing is lost where the survivor becomes the root.
        rest = {name: value for name, value in values.items() if name != tree.name}
        _save(moving, connection, Update(id=asked.survivor, values=rest))
    settle(session, connection, (target.id, asked.survivor), moving.change_set)
    return True


def _closes_ring(problem: Problem) -> bool:
    return {detail.code for detail in problem.details} == {codes.RING.id}


def _save(moving: Moving, connection: Connection, *changes: Update | Delete) -> None:
    """With the rights and by the rules that hold for every writer."""
    mutation = Mutation(
        object=moving.target, changes=changes, entry=ENTRY, reason=moving.reason, automation=False,
        answer=False, accept_duplicates=True,
    )  # fmt: skip
    moving.session.save(connection, mutation, moving.change_set)


def _records(
    session: Session, connection: Connection, asked: Merge, *, locking: bool
) -> dict[str, dict[str, Any]]:
    """The records as they are, by id, the survivor first; raises the first `Problem` that bars the merge."""
    deleted = tuple(Delete(id=id_, version=asked.versions.get(id_)) for id_ in asked.losers)
    updated = tuple(Update(id=id_, values={}, version=asked.versions.get(id_)) for id_ in asked.ids)
    found = dict[str, dict[str, Any]]()
    for changes in (updated, deleted):
        mutation = Mutation(object=asked.object, changes=changes, entry=ENTRY, answer=False)
        work = session.work(connection, mutation, "", locking=locking)
        read_before(work)
        check_version(work)
        for row in work.rows:
            if (problem := row_problem(row)) is not None:
                raise problem
            found.setdefault(row.id, row.before)
    return {id_: found[id_] for id_ in asked.ids}


def _busy() -> Problem:
    message = said("One of these records is being merged already.")
    return Problem(codes.BUSY, message, status=409, hint=codes.BUSY.mend)


def _merged(moving: Moving) -> Merged:
    return Merged(
        change_set=moving.change_set,
        survivor=moving.survivor,
        moved={link: number for link, number in moving.seen.items() if number},
        gave_way=tuple(_seen(moving)),
    )


def _seen(moving: Moving) -> Iterator[GaveWay]:
    by: dict[ObjectType, set[str]] = {}
    for one in moving.gave_way:
        by.setdefault(one.object, set()).add(one.record)
    with moving.session.reading() as connection:
        seen = {
            target: within_reach(moving.session, connection, target, Action.READ, ids)
            for target, ids in by.items()
        }
    return (one for one in moving.gave_way if one.record in seen[one.object])
