"""What takes back a change set's changes of some records, as these are now: the changes, and the conflicts.

A field still bearing what the change set gave it gets its old value; one that somebody changed since is a
conflict. Nothing is written here; the undo saves what comes out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.access import Action
from engine.actor import SYSTEM_SET
from engine.changes.net import nets
from engine.changes.reach import within_reach
from engine.codec import id_form
from engine.journal import ERASED, as_decoded, for_writer
from engine.mutation import Delete, Mutation, Nature, Restore, Update
from engine.policy import policy_of
from engine.problem import Problem
from engine.save.before import read_before
from engine.save.sheet import WORTH, sheet
from engine.save.work import Kind, Row, row_problem
from engine.save.write import entry
from engine.secrets.keyring import read_keyring
from engine.secrets.seal import place
from engine.sentence import said
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from engine.changes.net import Net, Touched
    from engine.database import Connection
    from engine.fields.contract import FieldType
    from engine.policy import Policy
    from engine.release import Release
    from engine.session import Session
    from metadata.catalog import Field, ObjectType

_SINCE = said("It was changed since.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What stays as it is: a record, or one field of it, and why. `object` is None where it is gone."""

    object: ObjectType | None
    record: str
    field: Field | None
    message: str


def conflict(target: ObjectType, record: str, problem: Problem) -> Conflict:
    """What a save refused of a record, by its first reason."""
    detail = problem.details[0] if problem.details else None
    named = target.fields.get(detail.field or "") if detail else None
    message = detail.message if detail else problem.message
    return Conflict(object=target, record=record, field=named, message=message)


def shown_to(session: Session, conflicts: Sequence[Conflict]) -> list[Conflict]:
    """Those that the actor may be told: of records that she may read, in the recycle bin too.

    What is said of a field that is hidden from her says no more than that.
    """
    by: dict[ObjectType, set[str]] = {}
    for one in conflicts:
        if one.object is not None:
            by.setdefault(one.object, set()).add(one.record)
    seen: dict[ObjectType, set[str]] = {}
    for target, ids in by.items():
        with session.reading() as connection:
            seen[target] = within_reach(session, connection, target, Action.READ, ids)
    told = (one for one in conflicts if one.object is None or one.record in seen[one.object])
    return [_masked(session, one) for one in told]


def _masked(session: Session, one: Conflict) -> Conflict:
    if one.field is None or session.policy.readable(one.field):
        return one
    return replace(one, field=None, message=said("A field that is hidden from you stands in the way."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """The changes to be saved; what cannot be; and what cannot be yet, because something points to it."""

    changes: tuple[Update | Delete | Restore, ...]
    conflicts: tuple[Conflict, ...]
    held: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """Some records of one object, what the change set made of them, and who asks.

    `relinking`: they only hang on records that were merged, and are looked at with the system's eyes.
    """

    session: Session
    connection: Connection
    target: ObjectType
    nets: Mapping[str, Net]
    locking: bool
    relinking: bool

    @property
    def policy(self) -> Policy:
        system = policy_of(self.session.release, (SYSTEM_SET,))
        return system if self.relinking else self.session.policy

    def conflict(self, record: str, message: str, field: Field | None = None) -> Conflict:
        return Conflict(object=self.target, record=record, field=field, message=message)

    def refused(self, row: Row) -> Conflict | None:
        problem = row_problem(row)
        return self.conflict(row.id, problem.message) if problem else None

    def rows(self, changes: Sequence[Update | Delete | Restore]) -> list[Row]:
        """The records as they are, each with the problem that keeps the actor from changing it."""
        asked = Mutation(
            object=self.target,
            changes=tuple(changes),
            entry="undo",
            answer=False,
            nature=Nature.RELINKING if self.relinking else Nature.ORDINARY,
        )
        work = self.session.work(self.connection, asked, "", locking=self.locking)
        try:
            read_before(work)
        except Problem as problem:
            for row in work.rows:
                row.problem = problem
        return work.rows


def remedy(
    session: Session, connection: Connection, target: ObjectType, kind: Kind, part: Sequence[Touched],
    leaving: AbstractSet[str], *, locking: bool = True, relinking: bool = False,
) -> Remedy:  # fmt: skip
    """What takes back the changes of `part`, records of one object for which `kind` is the remedy.

    `leaving` are ids of records that will be deleted as well, so that they hold nothing; see `_Case` for
    `relinking`.
    """
    known = nets(connection, session.release, part)
    case = _Case(
        session=session, connection=connection, target=target, nets=known, locking=locking,
        relinking=relinking,
    )  # fmt: skip
    stand = _standing(case)
    match kind:
        case Kind.UPDATED:
            return _updated(case)
        case Kind.RESTORED:
            return _restored(case, [id_ for id_ in known if stand.get(id_, True)])
        case _:
            return _deleted(case, [id_ for id_ in known if not stand.get(id_, True)], leaving)


def _updated(case: _Case) -> Remedy:
    changes: list[Update | Delete | Restore] = []
    conflicts: list[Conflict] = []
    for row in case.rows([Update(id=id_, values={}) for id_ in case.nets]):
        if (refused := case.refused(row)) is not None:
            conflicts.append(refused)
            continue
        values, kept = _fields(case, row)
        conflicts += kept
        if values:
            changes.append(Update(id=row.id, values=values, version=int(row.before["version"])))
    return Remedy(changes=tuple(changes), conflicts=tuple(conflicts), held=())


def _fields(case: _Case, row: Row) -> tuple[dict[str, object], list[Conflict]]:
    """The old values of what still has the new ones, as a writer gives them; and what has others."""
    known = {field.id: field for field in case.target.fields.values() if not field.retired}
    stored = sheet(case.session.release, case.target).fields
    now, values, conflicts = _journalled(case, row), dict[str, object](), list[Conflict]()
    for id_, (sort, old, new) in case.nets[row.id].fields.items():
        field = known.get(id_)
        as_before = sort != ERASED and old in (new, now.get(id_))
        if as_before or (field is not None and field.name not in stored):
            continue
        same = now.get(id_) == new or _same_secret(case, field, row.id, now.get(id_), new)
        if field is None or (message := _barred(case, field, sort, same=same)):
            told = message if field is not None else said("A field is no longer there.")
            seen = field if field and case.session.policy.readable(field) else None
            conflicts.append(case.conflict(row.id, told, seen))
        else:
            values[field.name] = for_writer(cast("FieldType", field.sort), old)
    return values, conflicts


def _same_secret(case: _Case, field: Field | None, record: str, one: object, other: object) -> bool:
    """Whether two keys sealed the same value."""
    if field is None or not field.sort.sealed or one is None or other is None:
        return False
    ring, at = read_keyring(case.connection, case.session.vault), place(field, record)
    return ring is not None and ring.plain(str(one), at) == ring.plain(str(other), at)


def _barred(case: _Case, field: Field, sort: str, *, same: bool) -> str:
    """Why a field does not get its old value back; "" where nothing stands in the way."""
    policy = case.policy
    if not policy.readable(field):
        return said("A field that is hidden from you stays as it is.")
    if sort == ERASED:
        return said("The value was erased.")
    if not same:
        return _SINCE
    if field.sort.kind != sort:
        return said("The field is of another type now.")
    return "" if policy.editable(field) else said("You may not change this field.")


def _restored(case: _Case, ids: Sequence[str]) -> Remedy:
    changes: list[Update | Delete | Restore] = []
    conflicts: list[Conflict] = []
    for row in case.rows([Restore(id=id_) for id_ in ids]):
        if (refused := case.refused(row)) is not None:
            conflicts.append(refused)
        elif row.before["version"] != case.nets[row.id].version:
            conflicts.append(case.conflict(row.id, _SINCE))
        else:
            changes.append(Restore(id=row.id))
    return Remedy(changes=tuple(changes), conflicts=tuple(conflicts), held=())


def _deleted(case: _Case, ids: Sequence[str], leaving: AbstractSet[str]) -> Remedy:
    going: dict[str, Delete] = {}
    conflicts: list[Conflict] = []
    for row in case.rows([Delete(id=id_) for id_ in ids]):
        if (refused := case.refused(row)) is not None:
            conflicts.append(refused)
        elif not _as_left(case, row):
            conflicts.append(case.conflict(row.id, _SINCE))
        else:
            going[row.id] = Delete(id=row.id, version=int(row.before["version"]))
    stuck = _stuck(_holders(case, list(going)), going.keys(), leaving)
    held = tuple(case.conflict(id_, said("Other records point to it now.")) for id_ in going if id_ in stuck)
    changes = tuple(change for id_, change in going.items() if id_ not in stuck)
    return Remedy(changes=changes, conflicts=tuple(conflicts), held=held)


def _as_left(case: _Case, row: Row) -> bool:
    """Whether a record that the change set made or brought back is as it left it."""
    net = case.nets[row.id]
    if not net.created:
        return int(row.before["version"]) == net.version
    left = {id_: new for id_, (_, _, new) in net.fields.items() if new is not None}
    return left == _journalled(case, row)


def _stuck(
    holders: Sequence[tuple[str, str]], going: AbstractSet[str], leaving: AbstractSet[str]
) -> AbstractSet[str]:
    """Which of the records that are to go something that stays points to."""
    stuck = set[str]()
    while True:
        gone = (going - stuck) | leaving
        more = {held for held, holder in holders if holder not in gone} - stuck
        if not more:
            return stuck
        stuck |= more


def _journalled(case: _Case, row: Row) -> dict[str, Any]:
    """The values of a record as an entry of its creation would hold them, by field id."""
    plan = sheet(case.session.release, case.target)
    blank = Row(place=0, kind=Kind.CREATED, id=row.id, version=None, given={}, after=row.before)
    changes = as_decoded(entry(plan, case.target, blank).changes)
    return {id_: new for id_, _, _, new in changes if not id_.endswith(WORTH)}


def _standing(case: _Case) -> dict[str, bool]:
    """Whether each record that is still there is in the recycle bin."""
    release = case.session.release
    statement = release.statements.get(("in bin", case.target.id), lambda: _binned(release, case.target))
    rows = statement.rows(case.connection, {"ids": id_list(case.nets, release.dialect)})
    return {id_: deleted is not None for id_, deleted in rows}


def _binned(release: Release, target: ObjectType) -> Statement:
    table = release.tables[target.id].table
    rows = sa.select(table.c.id, table.c.deleted_at).where(among_ids(table.c.id, "ids", release.dialect))
    return compile_statement(rows, release.dialect, (id_form(release.dialect).decode,))


def _holders(case: _Case, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs: a record of `ids`, and one made by people that points to it and would not stay as it is."""
    release, target = case.session.release, case.target
    if not ids:
        return []
    params = {"ids": id_list(ids, release.dialect)}
    found: list[tuple[str, str]] = []
    for link in _links_to(release, target):
        shape = ("holders", target.id, link.id)
        statement = release.statements.get(shape, partial(_pointing, release, target, link))
        found += [(held, holder) for held, holder in statement.rows(case.connection, params)]
    return found


def _links_to(release: Release, target: ObjectType) -> Iterator[Field]:
    """The links that a deletion would blank or follow; those that restrict it speak for themselves."""
    for source in release.catalog.objects.values():
        if not (source.retired or source.query):
            plan = sheet(release, source)
            for link in (*plan.links, *plan.members):
                if target in (link.target, link.members, *link.others) and link.on_delete != "restrict":
                    yield link


def _pointing(release: Release, target: ObjectType, link: Field) -> Statement:
    """What people made counts; what the system made of a record, such as notices, goes with it."""
    dialect, held_by = release.dialect, release.tables[link.object.id]
    table, kept = held_by.table, held_by.kept.get(link.name)
    rules: list[sa.ColumnElement[bool]] = [table.c.deleted_at.is_(None), table.c.created_by.is_not(None)]
    source: sa.FromClause = table
    if kept is None:
        rows = held_by.lists[link.name].table
        column, source = rows.c.value, rows.join(table, rows.c.record == table.c.id)
    elif link.others:
        code, column = kept.parts["object"].column, kept.parts["id"].column
        rules.append(code == sa.literal(target.table, code.type))
    else:
        column = kept.value.column
    found = sa.select(column, table.c.id).select_from(source)
    decode = id_form(dialect).decode
    return compile_statement(
        found.where(among_ids(column, "ids", dialect), *rules), dialect, (decode, decode)
    )
