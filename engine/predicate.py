"""A Decision as SQL: the condition that holds for exactly the rows that it allows.

Every statement on business tables takes its row rule from here, through a plan; explanations ask each branch
of the same. The actor enters as bind parameters – `actor_id`, `actor_department`, the lists `actor_groups`
and `actor_places` – so that the text depends on the Decision alone; or as columns of a table of users, where
the question is who may (`Seat`). Formulas see with the system's eyes: they are the author's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

import sqlalchemy as sa

from engine.access import Always, Following, Member, Never, OwnedBy, StandingIn, Union, Where, Within
from engine.codec import date_form, id_form
from engine.statement import among_ids, id_list
from metadata.catalog import Scope
from metadata.permission import Access, MembershipKind
from metadata.system import DEPARTMENT, USER

if TYPE_CHECKING:
    from engine.access import Branch, Decision
    from engine.actor import Actor
    from engine.database import Dialect
    from engine.release import Release
    from formula.expr import Formula
    from metadata.catalog import Field, ObjectType
    from metadata.permission import Audience, Membership

    Element = sa.ColumnElement[Any]
    Condition = sa.ColumnElement[bool]

GROUP, GROUP_MEMBER, DELEGATION = "group", "group_member", "delegation"
TODAY = "env_today"

Among = Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seat:
    """Whose access it is: her id and department; `groups` and `places` say whether an id is among the groups
    she is in, and among her department and those above it.
    """

    user: Element
    department: Element
    groups: Among
    places: Among


Fulfilled = Callable[["Formula", "ObjectType", sa.FromClause, Seat], "sa.ColumnElement[bool]"]
"""A formula of an object's row as a condition; `engine.joins` has it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rules:
    """Makes conditions for the tables of a Release and the actor of a seat.

    With `of_record` they are for one known row, whose members are looked up; else for a list, which is found
    by what somebody is a member of. When `gathering` a list, ids are spelled so that PostgreSQL can look each
    of them up in an index, beside other branches; else so that it can test a row by a hash.
    """

    release: Release
    seat: Seat
    fulfilled: Fulfilled
    of_record: bool = False
    gathering: bool = False

    def decision(self, decision: Decision, target: ObjectType, row: sa.FromClause) -> Condition:
        """The condition on a row of an object's table."""
        match decision:
            case Never():
                return sa.false()
            case Always():
                return sa.true()
            case Union(branches=branches, restrictions=restrictions):
                inside = [self.branch(each, target, row) for each in branches]
                return sa.and_(sa.or_(*inside), *(self.branch(each, target, row) for each in restrictions))
            case _:
                assert_never(decision)

    def branch(self, branch: Branch, target: ObjectType, row: sa.FromClause) -> Condition:
        """The condition of one branch, or of one restriction."""
        return self._through(branch, branch.via, target, row)

    def _through(
        self, branch: Branch, links: tuple[Field, ...], target: ObjectType, row: sa.FromClause
    ) -> Condition:
        """The condition on a row from which `links` lead up to the whole that is meant."""
        if not links:
            return self._own(branch, target, row)
        link, *further = links
        assert link.target is not None
        whole = self._table(link.target).alias()
        inside = self._through(branch, tuple(further), link.target, whole)
        if isinstance(branch, Member) and not self.of_record:
            # They are few, and lead to their parts by the index of the link.
            return self._listed(row.c[link.column], sa.select(whole.c.id).where(inside))
        found = sa.select(whole.c.id).where(whole.c.id == row.c[link.column], inside)
        return found.correlate_except(whole).exists()

    def _own(self, branch: Branch, target: ObjectType, row: sa.FromClause) -> Condition:
        match branch:
            case Within(scope=scope):
                return self._within(scope, row)
            case Where(formula=formula):
                return self.fulfilled(formula, target, row, self.seat)
            case OwnedBy(owners=owners):
                return self._listed(row.c.owner, self._people(owners))
            case Member(membership=membership, edit=edit):
                return self._opened(membership, row, edit=edit)
            case StandingIn(scope=scope, edit=edit):
                return self._stood_in(scope, row, edit=edit)
            case Following(link=link, target=whole, decision=decision):
                return self._followed(link, whole, decision, row)
            case _:
                assert_never(branch)

    def _followed(self, link: Field, target: ObjectType, decision: Decision, row: sa.FromClause) -> Condition:
        """Rows about a record of an object that is alive and that the decision allows."""
        whole = self._table(target).alias()
        alive = whole.c.deleted_at.is_(None)
        found = sa.select(whole.c.id).where(
            whole.c.id == row.c[f"{link.column}__id"], alive, self.decision(decision, target, whole)
        )
        return sa.and_(
            row.c[f"{link.column}__object"] == target.table, found.correlate_except(whole).exists()
        )

    def _within(self, scope: Scope, row: sa.FromClause) -> Condition:
        me, home, dialect = self.seat.user, self.seat.department, self.release.dialect
        match scope:
            case Scope.OWN:
                return row.c.owner == me
            case Scope.BELOW:
                return sa.or_(row.c.owner == me, self._listed(row.c.owner, closure(USER, me, dialect)))
            case Scope.DEPARTMENT:
                return row.c.department == home
            case Scope.DEPARTMENTS:
                return self._listed(row.c.department, closure(DEPARTMENT, home, dialect))
            case Scope.ALL:
                return sa.true()
            case _:
                return sa.false()

    def _opened(self, membership: Membership, row: sa.FromClause, *, edit: bool) -> Condition:
        """Rows that valid rows of the membership name; of a pool, those that nobody owns."""
        members = self._table(membership.members).alias()
        record = membership.record
        named = members.c[record.column + "__id"] if record.others else members.c[record.column]
        valid = [members.c.deleted_at.is_(None), self._held(membership, members)]
        if edit and membership.access:
            valid.append(members.c[membership.access.column] == str(Access.EDIT))
        if membership.until:
            last = members.c[membership.until.column]
            valid.append(sa.or_(last.is_(None), last >= self._today()))
        opened = sa.select(named).where(*valid).correlate_except(members)
        if membership.kind is MembershipKind.POOL and membership.through:
            return sa.and_(row.c.owner.is_(None), self._among(row.c[membership.through.column], opened))
        return self._among(row.c.id, opened)

    def _among(self, column: Element, opened: sa.Select[Any]) -> Condition:
        """Whether a column is among what is selected."""
        if not self.of_record:
            return self._listed(column, opened)
        (named,) = opened.selected_columns
        return opened.where(named == column).exists()

    def _listed(self, column: Element, ids: sa.Select[Any]) -> Condition:
        """Whether a column of a list's row is among what is selected."""
        if not self.gathering or self.release.dialect.sqlite:
            return column.in_(ids)
        return column == sa.any_(sa.func.array(ids.scalar_subquery(), type_=sa.ARRAY(column.type)))

    def _held(self, membership: Membership, members: sa.FromClause) -> Condition:
        ways: list[Condition] = []
        if membership.user:
            ways.append(members.c[membership.user.column] == self.seat.user)
        if membership.group:
            ways.append(self.seat.groups(members.c[membership.group.column]))
        if membership.department:
            ways.append(self.seat.places(members.c[membership.department.column]))
        return sa.or_(sa.false(), *ways)

    def _stood_in(self, scope: Scope, row: sa.FromClause, *, edit: bool) -> Condition:
        """Rows of whoever is away today and has made the actor her deputy."""
        absent = absences(self.release, self.seat.user, self._today(), edit=edit)
        if scope is not Scope.BELOW:
            return self._listed(row.c.owner, absent)
        pairs = _pairs(USER, self.release.dialect)
        return self._listed(row.c.owner, sa.select(pairs.c.below).where(pairs.c.above.in_(absent)))

    def _people(self, audience: Audience) -> sa.Select[Any]:
        """The ids of the people of an audience."""
        if audience.group is not None:
            return people_of_group(self.release, audience.group)
        user = self._table(self.release.catalog.objects[USER]).alias()
        department = self._table(self.release.catalog.objects[DEPARTMENT]).alias()
        home = sa.select(department.c.id).where(
            department.c.code == audience.department, department.c.deleted_at.is_(None)
        )
        if not audience.below:
            return sa.select(user.c.id).where(user.c.department.in_(home))
        pairs = _pairs(DEPARTMENT, self.release.dialect)
        lower = sa.select(pairs.c.below).where(pairs.c.above.in_(home))
        return sa.select(user.c.id).where(user.c.department.in_(lower))

    def _table(self, target: ObjectType) -> sa.Table:
        return self.release.tables[target.id].table

    def _today(self) -> Element:
        return sa.bindparam(TODAY, type_=date_form(self.release.dialect).type)


def absences(release: Release, deputy: Element, today: Element, *, edit: bool) -> sa.Select[Any]:
    """The ids of those who are away today and for whom `deputy` stands in, to edit or at least to read."""
    delegation = release.catalog.objects[DELEGATION]
    rows = release.tables[delegation.id].table.alias()
    names = ("absent", "deputy", "active", "first_day", "last_day", "access")
    column = {name: rows.c[delegation.fields[name].column] for name in names}
    valid = [
        column["deputy"] == deputy,
        column["active"],
        rows.c.deleted_at.is_(None),
        sa.or_(column["first_day"].is_(None), column["first_day"] <= today),
        sa.or_(column["last_day"].is_(None), column["last_day"] >= today),
    ]
    if edit:
        valid.append(column["access"] == str(Access.EDIT))
    return sa.select(column["absent"]).where(*valid).correlate_except(rows)


def people_of_group(release: Release, code: str) -> sa.Select[Any]:
    """The ids of the people in a group, and in the groups within it."""
    groups, members = (release.catalog.objects[name] for name in (GROUP, GROUP_MEMBER))
    group, member = (release.tables[each.id].table.alias() for each in (groups, members))
    start = sa.select(group.c.id).where(group.c.code == code, group.c.deleted_at.is_(None))
    inside = start.cte(recursive=True)
    if "member_group" in members.fields:
        nested = release.tables[members.id].table.alias()
        link = nested.c[members.fields["member_group"].column]
        inside = inside.union(
            sa.select(link)
            .join_from(nested, inside, nested.c.group == inside.c.id)
            .where(link.is_not(None), nested.c.deleted_at.is_(None))
        )
    return sa.select(member.c.user).where(
        member.c.group.in_(sa.select(inside.c.id)), member.c.user.is_not(None), member.c.deleted_at.is_(None)
    )


def actor_seat(dialect: Dialect) -> Seat:
    """The seat of the actor whose `actor_params` a statement is given."""
    form = id_form(dialect).type
    return Seat(
        user=sa.bindparam("actor_id", type_=form),
        department=sa.bindparam("actor_department", type_=form),
        groups=lambda column: among_ids(column, "actor_groups", dialect),
        places=lambda column: among_ids(column, "actor_places", dialect),
    )


def actor_params(actor: Actor, dialect: Dialect) -> dict[str, object]:
    """The values of the parameters that conditions leave open, as the database wants them."""
    encode = id_form(dialect).encode
    ids = {"actor_id": actor.id, "actor_department": actor.department}
    single = {name: encode(value) if encode and value is not None else value for name, value in ids.items()}
    lists = {"actor_groups": actor.groups, "actor_places": actor.places}
    return {**single, **{name: id_list(values, dialect) for name, values in lists.items()}}


def closure(kind: str, above: Element, dialect: Dialect) -> sa.Select[tuple[Any]]:
    """What lies at or below `above`, as ids; `kind` is `user` or `department`."""
    pairs = _pairs(kind, dialect)
    return sa.select(pairs.c.below).where(pairs.c.above == above).correlate_except(pairs)


def _pairs(kind: str, dialect: Dialect) -> sa.FromClause:
    form = id_form(dialect).type
    return sa.table(f"s_{kind}_closure", sa.column("above", form), sa.column("below", form)).alias()
