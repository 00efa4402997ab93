"""What points at records that are merged, and how it comes to point at the survivor, some hundred at a time.

Links, parts of a whole, links to one of several objects and lists of links all move; records in the recycle
bin do not: their links are followed when they come back. All this happens with the system's eyes
(`Nature.RELINKING`). A record that cannot stand beside one the survivor has gives way: it is numbered
anew, or goes into the bin. Called by `merge.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.access import Action
from engine.changes.reach import within_reach
from engine.changes.undertaking import CHUNK
from engine.codec import id_form
from engine.merging.place import next_place, redundant
from engine.mutation import Delete, Mutation, Nature, Update
from engine.pointing import pointing
from engine.save.before import read_before
from engine.save.sheet import sheet
from engine.sentence import said
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from engine.database import Connection
    from engine.mutation import Change, Result
    from engine.problem import Problem
    from engine.release import Release
    from engine.save.work import Row
    from engine.session import Session
    from metadata.catalog import Field, ObjectType

ENTRY = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveWay:
    """A record that could not move as it was, and what became of it."""

    object: ObjectType
    record: str
    message: str


@dataclass(slots=True, kw_only=True, eq=False)
class Moving:
    """One merge on its way: whose links move where, and what came of it.

    `moved` counts what moved by each link, `seen` that part of it which the actor may see.
    """

    session: Session
    target: ObjectType
    survivor: str
    losers: tuple[str, ...]
    reason: str
    change_set: str
    moved: dict[Field, int] = field(default_factory=dict)
    seen: dict[Field, int] = field(default_factory=dict)
    gave_way: list[GaveWay] = field(default_factory=list)

    @property
    def merged(self) -> tuple[str, ...]:
        """All records of the merge."""
        return (self.survivor, *self.losers)

    def count(self, connection: Connection, link: Field, ids: Collection[str]) -> None:
        """Note that records have moved by `link`."""
        self.moved[link] = self.moved.get(link, 0) + len(ids)
        if self.session.policy.readable(link):
            seen = within_reach(self.session, connection, link.object, Action.READ, ids)
            self.seen[link] = self.seen.get(link, 0) + len(seen)

    def save(self, connection: Connection, target: ObjectType, changes: Sequence[Change]) -> Result:
        """Write changes of what hangs on the merged records; what is refused is told, not raised."""
        mutation = Mutation(
            object=target, changes=tuple(changes), entry=ENTRY, reason=self.reason, automation=False,
            partial=True, answer=False, nature=Nature.RELINKING,
        )  # fmt: skip
        return self.session.save(connection, mutation, self.change_set)

    def rows(self, connection: Connection, target: ObjectType, ids: Sequence[str]) -> list[Row]:
        """Records of any object as they are, locked, in the order of their ids."""
        changes = tuple(Update(id=id_, values={}) for id_ in sorted(ids))
        asked = Mutation(object=target, changes=changes, entry=ENTRY, answer=False, nature=Nature.RELINKING)
        work = self.session.work(connection, asked, self.change_set)
        read_before(work)
        return [row for row in work.rows if row.problem is None]


def links_to(release: Release, target: ObjectType) -> Iterator[Field]:
    """The links by which records may point at those of an object, in the order in which tables are locked."""
    for source in sorted(release.catalog.objects.values(), key=lambda found: found.table):
        if not (source.retired or source.query):
            plan = sheet(release, source)
            for link in (*plan.links, *plan.members):
                if target in (link.target, link.members, *link.others):
                    yield link


def pointing_at(moving: Moving, connection: Connection, link: Field, most: int = CHUNK) -> list[str]:
    """The ids of records, at most `most`, that point by `link` at a loser and are not merged themselves."""
    release = moving.session.release
    statement = release.statements.get(
        ("merged holders", moving.target.id, link.id), partial(_holders, release, moving.target, link)
    )
    given = {"ids": id_list(moving.losers, release.dialect), "most": most}
    if link.object is moving.target:
        given["merged"] = id_list(moving.merged, release.dialect)
    return [id_ for (id_,) in statement.rows(connection, given)]


def move_some(moving: Moving, connection: Connection, link: Field) -> bool:
    """Move up to a chunk of what points at the losers by `link`; returns whether there was anything.

    Raises `Problem` for one that can neither move nor give way.
    """
    ids = pointing_at(moving, connection, link)
    if not ids:
        return False
    rows = moving.rows(connection, link.object, ids)
    double = redundant(moving, connection, link, rows)
    _drop(moving, connection, link, [row for row in rows if row.id in double])
    going = [row for row in rows if row.id not in double]
    result = moving.save(connection, link.object, [_update(moving, link, row) for row in going])
    refused = {row.id: problem for row, problem in zip(going, result.problems, strict=True) if problem}
    moving.count(connection, link, [row.id for row in going if row.id not in refused])
    for row in going:
        if (problem := refused.get(row.id)) is not None:
            _give_way(moving, connection, link, row, problem)
    return True


def loosen(moving: Moving, connection: Connection) -> None:
    """The survivor's own links to losers go: it would point at itself."""
    plan = sheet(moving.session.release, moving.target)
    (row,) = moving.rows(connection, moving.target, [moving.survivor])
    values = {
        link.name: _without(moving, link, row)
        for link in (*plan.links, *plan.members)
        if moving.target in (link.target, link.members, *link.others) and _points(moving, link, row)
    }
    if values:
        _must(moving.save(connection, moving.target, [Update(id=row.id, values=values)]))


def _update(moving: Moving, link: Field, row: Row) -> Update:
    version = int(row.before["version"])
    return Update(id=row.id, values={link.name: _moved(moving, link, row)}, version=version)


def _moved(moving: Moving, link: Field, row: Row) -> Any:
    """The value of a link that led to a loser."""
    if not link.many:
        return pointing(link, moving.target, moving.survivor)
    ids = (moving.survivor if each in moving.losers else each for each in row.before[link.name])
    return list(dict.fromkeys(ids))


def _points(moving: Moving, link: Field, row: Row) -> bool:
    value = row.before[link.name] or ()
    return any(each in moving.losers for each in (value if link.many else (str(value).rpartition("/")[2],)))


def _without(moving: Moving, link: Field, row: Row) -> Any:
    if not link.many:
        return None
    return [each for each in row.before[link.name] if each not in moving.merged] or None


def _give_way(moving: Moving, connection: Connection, link: Field, row: Row, problem: Problem) -> None:
    found = {detail.code for detail in problem.details}
    if found == {codes.RING.id} and link is moving.target.tree:
        _uproot(moving, connection, link)
        _must(moving.save(connection, link.object, [_update(moving, link, row)]))
        moving.count(connection, link, [row.id])
    elif found == {codes.NOT_UNIQUE.id}:
        _make_room(moving, connection, link, row, problem)
    else:
        raise problem


def _uproot(moving: Moving, connection: Connection, link: Field) -> None:
    """The survivor stands below what comes below it: it becomes the root."""
    _must(moving.save(connection, moving.target, [Update(id=moving.survivor, values={link.name: None})]))
    message = said("It would stand below itself, and has become the root of its tree.")
    moving.gave_way.append(GaveWay(object=moving.target, record=moving.survivor, message=message))


def _make_room(moving: Moving, connection: Connection, link: Field, row: Row, problem: Problem) -> None:
    """Number a record anew where that lets it stand beside the survivor's own, else put it into the bin."""
    taken = {detail.field for detail in problem.details}
    place = next_place(moving, connection, link, taken)
    if place is None:
        _drop(moving, connection, link, [row])
        return
    values = {link.name: _moved(moving, link, row), place[0].name: place[1]}
    _must(moving.save(connection, link.object, [Update(id=row.id, values=values)]))
    moving.count(connection, link, [row.id])
    message = said("Its place was taken; it was numbered {number}.", number=place[1])
    moving.gave_way.append(GaveWay(object=link.object, record=row.id, message=message))


def _drop(moving: Moving, connection: Connection, link: Field, rows: Sequence[Row]) -> None:
    if rows:
        changes = [Delete(id=row.id, version=int(row.before["version"])) for row in rows]
        _must(moving.save(connection, link.object, changes))
        message = said("The survivor has the same already; this one went into the recycle bin.")
        moving.gave_way += [GaveWay(object=link.object, record=row.id, message=message) for row in rows]


def _must(result: Result) -> None:
    if refused := next(filter(None, result.problems), None):
        raise refused


def _holders(release: Release, target: ObjectType, link: Field) -> Statement:
    dialect, held = release.dialect, release.tables[link.object.id]
    table, kept = held.table, held.kept.get(link.name)
    source: sa.FromClause = table
    rules: list[sa.ColumnElement[bool]] = [table.c.deleted_at.is_(None)]
    if kept is None:
        rows = held.lists[link.name].table
        column, source = rows.c.value, rows.join(table, rows.c.record == table.c.id)
    elif link.others:
        code, column = kept.parts["object"].column, kept.parts["id"].column
        rules.append(code == sa.literal(target.table, code.type))
    else:
        column = kept.value.column
    if link.object is target:
        rules.append(sa.not_(among_ids(table.c.id, "merged", dialect)))
    found = (
        sa.select(table.c.id).select_from(source).where(among_ids(column, "ids", dialect), *rules)
        .distinct().order_by(table.c.id).limit(sa.bindparam("most", type_=sa.INTEGER()))
    )  # fmt: skip
    return compile_statement(found, dialect, (id_form(dialect).decode,))
