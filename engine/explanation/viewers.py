"""Who can see a record: every active user who may, how far, and thanks to what.

The Decisions of all people are worked out once for each combination of sets and rules; their branches are
asked of the database for all people together, in the words in which lists are filtered, with the columns of
the user's row in the place of the actor. Groups and departments are asked for themselves, as everybody in
them has what they have. Called by the API, the record's page and the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.access import Action, Member, Never, what
from engine.codec import id_form
from engine.explanation.explain import require_seen_record
from engine.explanation.truth import Truth, decision
from engine.grounds import branches, restrictions
from engine.joins import rules_of
from engine.planner import require_right
from engine.policy import grounds_of
from engine.predicate import GROUP, Seat
from engine.rights import SETUP
from engine.standing import Standing, read_standings
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.system import DEPARTMENT, USER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.access import Branch, Decision, Source
    from engine.database import Connection
    from engine.grounds import Grounds
    from engine.release import Release
    from engine.session import Session
    from metadata.catalog import ObjectType

_ACTIONS = (Action.READ, Action.UPDATE, Action.DELETE)


class Level(StrEnum):
    """How far somebody may go; who edits reads, and who deletes reads."""

    READ = "read"
    EDIT = "edit"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who sees the record, and the sources thanks to which."""

    id: str
    name: str
    level: Level
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewers:
    """A page of those who see a record, by name; `total` counts all, `next` is the id to go on after."""

    viewers: tuple[Viewer, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rights:
    """What people with the same sets and rules may do: Decisions, and the branches that let them read."""

    decisions: Mapping[Action, Decision]
    reading: tuple[Branch, ...]
    asked: frozenset[Branch]


def viewers(
    session: Session, target: ObjectType, record: str, *, after: str | None = None, limit: int = 100
) -> Viewers:
    """Who may read a record, beginning after the user with the id `after`.

    Raises `Problem`: 403 without the right `setup`, 404 where there is no such record that the asker may see.
    """
    require_right(session.policy, SETUP, "see who sees a record")
    found = all_viewers(session, target, require_seen_record(session, target, record))
    first = next((n for n, each in enumerate(found, 1) if each.id == after), 0) if after else 0
    page = found[first : first + limit]
    more = len(found) > first + limit
    return Viewers(viewers=page, total=len(found), next=page[-1].id if more and page else None)


def all_viewers(session: Session, target: ObjectType, record: str) -> tuple[Viewer, ...]:
    """Everybody who may read a record that is there, among the people whom the asker may see, by name."""
    release, given = session.release, session.reader().given
    with session.reading() as connection:
        people = _people(session, connection, given)
        standings = read_standings(connection, release, [each.id for each in people])
        rights = _rights(release, target, standings.values())
        asked = tuple(dict.fromkeys(each for some in rights.values() for each in some.asked))
        asking = _Asking(connection=connection, release=release, target=target, record=record, given=given)
        truths = asking.truths(asked)
    return tuple(_judged(people, standings, rights, truths))


def _judged(
    people: Iterable[_Person],
    standings: Mapping[str, Standing],
    rights: Mapping[object, _Rights],
    truths: _Truths,
) -> Iterator[Viewer]:
    """Those with the same rights for whom the same holds are judged once."""
    known: dict[object, tuple[Level | None, tuple[Source, ...]]] = {}
    for each in people:
        standing = standings.get(each.id)
        truth = truths.of(each.id, standing) if standing else None
        if standing is None or truth is None:
            continue
        key = (_key(standing), truth.holding)
        if key not in known:
            mine = rights[key[0]]
            held = (branch.source for branch in mine.reading if truth.holds(branch))
            known[key] = (_level(mine, truth), tuple(dict.fromkeys(held)))
        level, sources = known[key]
        if level is not None:
            yield Viewer(id=each.id, name=each.name, level=level, sources=sources)


def _level(mine: _Rights, truth: Truth) -> Level | None:
    read, update, delete = (truth.allows(mine.decisions[each]) for each in _ACTIONS)
    if not read:
        return None
    return Level.DELETE if delete else Level.EDIT if update else Level.READ


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Truths:
    """Which branches hold for each user by herself, and for whoever is in a group or department."""

    own: Mapping[str, frozenset[Branch]]
    joint: Mapping[str, frozenset[Branch]]

    def of(self, user: str, standing: Standing) -> Truth | None:
        """What is true of the record for somebody; None: there is no such record."""
        if user not in self.own:
            return None
        shared = (self.joint.get(each, frozenset()) for each in (*standing.groups, *standing.places))
        return Truth(deleted=False, owner=None, holding=self.own[user].union(*shared))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asking:
    """Asks about one record that is there; `given` are the parameters of the moment."""

    connection: Connection
    release: Release
    target: ObjectType
    record: str
    given: Mapping[str, object]

    def truths(self, asked: tuple[Branch, ...]) -> _Truths:
        """One statement for the users, one for the groups, one for the departments."""
        memberships = tuple(each for each in asked if isinstance(each, Member))
        joint: dict[str, frozenset[Branch]] = {}
        for name in (GROUP, DEPARTMENT):
            if memberships and name in self.release.catalog.objects:
                joint |= self._of(memberships, name)
        return _Truths(own=self._of(asked, USER), joint=joint)

    def _of(self, asked: tuple[Branch, ...], party: str) -> dict[str, frozenset[Branch]]:
        """Which branches hold for each user, group or department, by its id."""
        shape = ("viewers", self.target.id, party, asked)
        statement = self.release.statements.get(shape, lambda: self._build(asked, party))
        ids = id_list([self.record], self.release.dialect)
        return {
            id_: frozenset(each for each, holds in zip(asked, answers, strict=True) if holds)
            for id_, *answers in statement.rows(self.connection, {**self.given, "ids": ids})
        }

    def _build(self, asked: tuple[Branch, ...], party: str) -> Statement:
        release = self.release
        table, row = (
            release.tables[each.id].table.alias() for each in (release.catalog.objects[party], self.target)
        )
        rules = replace(rules_of(release, _seat(party, table)), of_record=True)
        answers = [sa.case((rules.branch(each, self.target, row), 1), else_=0) for each in asked]
        rows = (
            sa.select(*(column.label(f"c{n}") for n, column in enumerate([table.c.id, *answers])))
            .select_from(table.join(row, sa.true()))
            .where(among_ids(row.c.id, "ids", release.dialect), row.c.deleted_at.is_(None))
            .where(table.c.deleted_at.is_(None))
        )
        decoders = [id_form(release.dialect).decode, *(None for _ in answers)]
        return compile_statement(rows, release.dialect, decoders)


def _seat(party: str, table: sa.FromClause) -> Seat:
    """The seat of a user by herself, or of whoever is in a group or in a department."""

    def nobody(_: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return sa.false()

    def this(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return column == table.c.id

    nothing = sa.func.nullif(table.c.id, table.c.id)  # NULL, but with `=` beside it and not IS
    return Seat(
        user=table.c.id if party == USER else nothing,
        department=table.c.department if party == USER else nothing,
        groups=this if party == GROUP else nobody,
        places=this if party == DEPARTMENT else nobody,
    )


def _rights(release: Release, target: ObjectType, standings: Iterable[Standing]) -> dict[object, _Rights]:
    """What each combination of sets and rules that occurs may do."""
    found: dict[object, _Rights] = {}
    for each in standings:
        key = _key(each)
        if key not in found:
            grounds = grounds_of(release.catalog, each.permission_sets, each.sharing_rules, each.deputy)
            found[key] = _worked_out(grounds, target)
    return found


def _worked_out(grounds: Grounds, target: ObjectType) -> _Rights:
    decisions = {each: decision(grounds, target, each) for each in _ACTIONS}
    if isinstance(decisions[Action.READ], Never):
        return _Rights(decisions=decisions, reading=(), asked=frozenset())
    every = [each for action in _ACTIONS for each in branches(grounds, target, action)]
    return _Rights(
        decisions=decisions,
        reading=tuple(branches(grounds, target, Action.READ)),
        asked=frozenset(map(what, (*every, *restrictions(grounds, target)))),
    )


def _key(standing: Standing) -> object:
    return standing.permission_sets, standing.sharing_rules, standing.deputy


def _people(session: Session, connection: Connection, given: Mapping[str, object]) -> tuple[_Person, ...]:
    """The active users whom the asker may see, by name."""
    release = session.release
    user = release.catalog.objects[USER]
    table = release.tables[user.id].table.alias()
    seen = rules_of(release).decision(session.policy.decide(user, Action.READ), user, table)
    rows = sa.select(table.c.id, table.c.name).where(table.c.deleted_at.is_(None), seen)
    if "active" in user.fields:
        rows = rows.where(table.c.active == _yes(release))
    wanted = rows.order_by(table.c.name, table.c.id)
    decoders = [id_form(release.dialect).decode, None]
    found = compile_statement(wanted, release.dialect, decoders).rows(connection, given)
    return tuple(_Person(id=id_, name=name or "") for id_, name in found)


def _yes(release: Release) -> sa.ColumnElement[Any]:
    return sa.literal_column("1" if release.dialect.sqlite else "TRUE")
