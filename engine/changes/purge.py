"""Removing records from the recycle bin for good: rows, lists, documents of the search, what hangs on them.

What remains is the journal: that there was a record, what became of it and that it was purged, without values
in that entry. A record stays as long as one that stays needs it: a link of the kind `restrict`, or a live one
that would go along. Links that may be blank are blanked, in the bin too. Users and departments stay: the past
names them. Purging now has a right of its own; what is due, `retention.py` purges as the system.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.access import Action
from engine.changes.undertaking import chunks
from engine.changeset import ChangeSet, write_change_set
from engine.codec import id_form
from engine.ids import canonical_id
from engine.joins import rules_of
from engine.journal import Entry, write_entries
from engine.lists import list_name
from engine.mutation import Mutation
from engine.planner import granted, require_right
from engine.problem import Problem
from engine.rights import PURGE
from engine.save.fall import Fall, Hold, held_by, linking, links_to
from engine.save.removal import blanked, store
from engine.save.work import Kind
from engine.search.documents import drop_documents
from engine.sentence import said
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.system import DEPARTMENT, USER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.database import Connection
    from engine.release import Release
    from engine.save.fall import Key
    from engine.save.work import Work
    from engine.session import Session
    from metadata.catalog import Field, ObjectType

ENTRY = "purge"
STAYING = frozenset({USER, DEPARTMENT})
"""Objects whose records are never purged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """How many records of each object are gone, what they took along included.

    Of those asked for, the `missing` are not in the bin or not the actor's to delete, and the `held` stay for
    others that need them. `change_set` is None where nothing went.
    """

    change_set: str | None
    records: Mapping[ObjectType, int]
    missing: tuple[str, ...]
    held: tuple[str, ...]


def purgeable(target: ObjectType) -> bool:
    """Whether records of an object are ever purged."""
    return not (target.retired or target.query or target.singleton or target.name in STAYING)


def purge(session: Session, target: ObjectType, records: Sequence[str], *, reason: str = "") -> Purged:
    """Remove records from the recycle bin now, in transactions of some hundred.

    Raises:
        Problem: 403 without the right `purge` or for who may not delete such records, or for users and
            departments.
    """
    require_right(session.policy, PURGE, "remove records for good")
    granted(session.policy, target, Action.DELETE)
    if not purgeable(target):
        message = said("Records of {object} are never removed for good.", object=target.name)
        raise Problem(codes.FORBIDDEN, message, status=403, hint=codes.FORBIDDEN.mend)
    change_set, stayed = session.ids(), _Stayed()
    gone: Counter[ObjectType] = Counter()
    for ids in chunks(list(dict.fromkeys(records))):
        gone.update(_purge_chunk(session, target, ids, change_set, reason, stayed))
    return Purged(
        change_set=change_set if gone else None, records=gone, missing=tuple(stayed.missing),
        held=tuple(stayed.held),
    )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class _Stayed:
    missing: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


def _purge_chunk(
    session: Session, target: ObjectType, records: Sequence[str], change_set: str, reason: str,
    stayed: _Stayed,
) -> Mapping[ObjectType, int]:  # fmt: skip
    ids = {each: canonical_id(each) for each in records}
    known = [id_ for id_ in ids.values() if id_]

    def run(connection: Connection) -> tuple[Mapping[ObjectType, int], set[str], set[str]]:
        return purge_some(session, connection, target, known, change_set, reason)

    counts, found, gone = session.written(run)
    stayed.missing += [each for each, id_ in ids.items() if id_ not in found]
    stayed.held += [each for each, id_ in ids.items() if id_ in found and id_ not in gone]
    return counts


def purge_some(
    session: Session, connection: Connection, target: ObjectType, ids: Sequence[str], change_set: str,
    reason: str,
) -> tuple[Mapping[ObjectType, int], set[str], set[str]]:  # fmt: skip
    """Purge records in the open transaction.

    Returns how many went of each object, which of `ids` were there to be purged, and which of them went.
    """
    versions = _versions(session, connection, target, ids)
    mutation = Mutation(object=target, changes=(), entry=ENTRY, reason=reason, automation=False)
    work = session.work(connection, mutation, change_set)
    fall = _fall(work, target, list(versions))
    gone = _going(work, fall, {(target.id, id_) for id_ in versions})
    if not gone:
        return {}, set(versions), set()
    store(work, blanked(work, fall, gone))
    known = {(target.id, id_): version for id_, version in versions.items()}
    known |= {key: int(fall.found[key]["version"]) for key in gone if key not in known}
    work.entries.extend(_entry(key, known[key]) for key in sorted(gone))
    counts = _delete_all(session.release, connection, gone)
    _note(work)
    return counts, set(versions), {id_ for name, id_ in gone if name == target.id}


def _delete_all(release: Release, connection: Connection, gone: set[Key]) -> Mapping[ObjectType, int]:
    objects = {each.id: each for each in release.catalog.objects.values()}
    counts: dict[ObjectType, int] = {}
    for name in sorted({name for name, _ in gone}, key=lambda name: objects[name].table):
        some = sorted(id_ for held, id_ in gone if held == name)
        _delete(release, connection, objects[name], some)
        counts[objects[name]] = len(some)
    return counts


def _versions(
    session: Session, connection: Connection, target: ObjectType, ids: Sequence[str]
) -> dict[str, int]:
    """The versions of those in the bin that the actor may delete, locked."""
    release, policy = session.release, session.policy
    shape = ("purge", target.id, policy.key)

    def build() -> Statement:
        table = release.tables[target.id].table
        rules = [
            rules_of(release).decision(policy.decide(target, action), target, table)
            for action in (Action.READ, Action.DELETE)
        ]
        found = among_ids(table.c.id, "ids", release.dialect)
        rows = sa.select(table.c.id, table.c.version).where(found, table.c.deleted_at.is_not(None), *rules)
        ordered = rows.order_by(table.c.id)
        locked = ordered if release.dialect.sqlite else ordered.with_for_update(of=table)
        return compile_statement(locked, release.dialect, (id_form(release.dialect).decode,))

    values = {**session.reader().given, "ids": id_list(ids, release.dialect)}
    return {
        id_: int(version) for id_, version in release.statements.get(shape, build).rows(connection, values)
    }


def _fall(work: Work, target: ObjectType, ids: list[str]) -> Fall:
    """What points to the records, and to what would go along with them."""
    fall, front, met = Fall(), {target.id: ids}, {(target.id, id_) for id_ in ids}
    while any(front.values()):
        deeper: dict[str, list[str]] = {}
        for held, link in links_to(work, front):
            for deleted in (False, True):
                for values in linking(work, held, link, front[held.id], deleted=deleted):
                    holder = (link.object.id, values["id"])
                    for record in held_by(link, values, front[held.id]):
                        fall.add(Hold(link=link, holder=holder, held=(held.id, record)), values)
                    if deleted and link.on_delete == "cascade" and holder not in met:
                        met.add(holder)
                        deeper.setdefault(link.object.id, []).append(values["id"])
        front = deeper
    return fall


def _going(work: Work, fall: Fall, roots: set[Key]) -> set[Key]:
    """What can go: of the roots those that nothing bars, with what goes along."""
    objects = {each.id: each for each in work.release.catalog.objects.values()}
    standing = set(roots)
    while standing:
        gone = fall.gone(standing)
        barred = {
            hold.held
            for hold in fall.holds
            if hold.held in gone and hold.holder not in gone and hold.link.on_delete != "set_null"
        }
        barred |= {key for key in gone if _live(fall, key) or not purgeable(objects[key[0]])}
        stuck = {key for key in standing if fall.gone([key]) & barred}
        if not stuck:
            return gone
        standing -= stuck
    return set()


def _live(fall: Fall, key: Key) -> bool:
    return key in fall.found and fall.found[key]["deleted_at"] is None


def _entry(key: Key, version: int) -> Entry:
    return Entry(object=key[0], record=key[1], version=version + 1, kind=Kind.PURGED, changes=())


def _note(work: Work) -> None:
    """The change set and the journal, as a save writes them."""
    mutation = work.mutation
    change_set = ChangeSet(
        id=work.change_set, at=work.now, actor=work.actor.id, entry=mutation.entry, reason=mutation.reason,
        automation=False, impersonator=work.actor.impersonator,
    )  # fmt: skip
    write_change_set(work.connection, work.release, change_set)
    write_entries(work.connection, work.release, work.change_set, work.entries, work.ids, work.now)


def _delete(release: Release, connection: Connection, target: ObjectType, ids: Sequence[str]) -> None:
    """The rows, and by the database their lists; then what the search holds of them."""
    held = {"ids": id_list(ids, release.dialect)}
    for link in _forgotten(release, target):
        shape = ("forget", link.id)
        release.statements.get(shape, partial(_forgetting, release, link)).run(connection, held)
    table = release.tables[target.id].table

    def build() -> Statement:
        rows = sa.delete(table).where(among_ids(table.c.id, "ids", release.dialect))
        return compile_statement(rows, release.dialect)

    release.statements.get(("purged", target.id), build).run(connection, held)
    drop_documents(connection, target, ids)


def _forgotten(release: Release, target: ObjectType) -> Iterator[Field]:
    """Links out of use that the database still holds to: their columns come back with them."""
    for source in release.catalog.objects.values():
        for link in source.fields.values():
            stored = link.sort.stored and not source.query
            if stored and (link.retired or source.retired) and target in (link.target, link.members):
                yield link


def _forgetting(release: Release, link: Field) -> Statement:
    type_: Any = id_form(release.dialect).type
    if link.many:
        rows = sa.table(list_name(link), sa.column("value", type_))
        found: Any = sa.delete(rows).where(among_ids(rows.c.value, "ids", release.dialect))
        return compile_statement(found, release.dialect)
    table = sa.table(link.object.table, sa.column(link.column, type_))
    column = table.c[link.column]
    blank = sa.update(table).values({column: sa.null()})
    return compile_statement(blank.where(among_ids(column, "ids", release.dialect)), release.dialect)
