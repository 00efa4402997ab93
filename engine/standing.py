"""Where a person stands: her permission sets and groups, her places, what is shared with her, whose deputy
she is.

One statement, asked at sign-in and remembered with the actor (`engine/actor.py`). What a company's model does
not have – groups, delegations – is simply not asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import id_form
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.permission import Access
from metadata.system import DEPARTMENT, USER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.database import Connection, Row
    from engine.release import Release
    from metadata.permission import Audience

ASSIGNMENT, GROUP, MEMBER, DELEGATION = "permission_assignment", "group", "group_member", "delegation"
"""The platform's objects that say who has which permission sets, and who stands in for whom."""

SET, IN_GROUP, PLACE, DEPUTY = "set", "group", "place", "deputy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """See `engine.actor.Actor`, whose members these become."""

    permission_sets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sharing_rules: tuple[str, ...] = ()
    deputy: frozenset[Access] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A department on the way up: how far above her own, and its code."""

    distance: int
    code: str | None


def read_standing(connection: Connection, release: Release, user: str) -> Standing:
    """Where a user stands; one statement."""
    return read_standings(connection, release, (user,)).get(user, Standing())


def read_standings(
    connection: Connection, release: Release, users: Iterable[str], model: Release | None = None
) -> dict[str, Standing]:
    """Where some users stand, by their ids; one statement. Who has and is nothing is not there.

    With a `model` that is not published yet: where they will stand.
    """
    statement = release.statements.get(("standing",), lambda: _build(release))
    if statement is None:
        return {}
    found: dict[str, list[Row]] = {}
    for user, *row in statement.rows(connection, {"user": id_list(users, release.dialect)}):
        found.setdefault(user, []).append(tuple(row))
    return {user: standing(model or release, rows) for user, rows in found.items()}


def standing(release: Release, rows: Sequence[Row]) -> Standing:
    """The standing that rows of one user say: kind, id, text, number."""
    known = (
        release.catalog.permission_sets
    )  # what an assignment names besides, the system's own set too, is void
    groups = {id_: code for kind, id_, code, _ in rows if kind == IN_GROUP}
    places = {id_: _Place(distance=n, code=code) for kind, id_, code, n in rows if kind == PLACE}
    return Standing(
        permission_sets=tuple(sorted({text for kind, _, text, _ in rows if kind == SET and text in known})),
        groups=tuple(sorted(groups)),
        places=tuple(sorted(places)),
        sharing_rules=tuple(_sharing(release, set(groups.values()), tuple(places.values()))),
        deputy=frozenset(Access(text) for kind, _, text, _ in rows if kind == DEPUTY),
    )


def _sharing(release: Release, groups: set[str | None], places: tuple[_Place, ...]) -> Iterator[str]:
    for rule in release.catalog.sharing_rules.values():
        if rule.active and any(_belongs(each, groups, places) for each in rule.to):
            yield rule.name


def _belongs(audience: Audience, groups: set[str | None], places: tuple[_Place, ...]) -> bool:
    if audience.group is not None:
        return audience.group in groups
    return any(each.code == audience.department and (audience.below or not each.distance) for each in places)


def _build(release: Release) -> Statement | None:
    """The parts of the question that the model has."""
    found = [
        part
        for make in (_sets, _sets_of_groups, _groups, _places, _deputies)
        if (part := make(release)) is not None
    ]
    if not found:
        return None
    whole = sa.union_all(*found) if len(found) > 1 else found[0]
    decode = id_form(release.dialect).decode
    return compile_statement(whole, release.dialect, [decode, None, decode, None, None])


def _row(
    kind: str,
    release: Release,
    user: sa.ColumnElement[Any],
    *,
    id_: sa.ColumnElement[Any] | None = None,
    text: sa.ColumnElement[Any] | None = None,
    number: sa.ColumnElement[Any] | None = None,
) -> tuple[sa.ColumnElement[Any], ...]:
    nothing = sa.cast(sa.null(), id_form(release.dialect).type)
    return (
        user.label("who"),
        sa.literal_column(f"'{kind}'", sa.TEXT()),
        nothing if id_ is None else id_,
        sa.cast(sa.null(), sa.TEXT()) if text is None else text,
        sa.literal_column("0", sa.INTEGER()) if number is None else number,
    )


def _table(release: Release, name: str) -> sa.FromClause | None:
    target = release.catalog.objects.get(name)
    return None if target is None or target.retired else release.tables[target.id].table.alias()


def _mine(release: Release, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return among_ids(column, "user", release.dialect)


def _inside(release: Release) -> sa.Subquery | sa.CTE | None:
    """The groups each is in, directly or because one of them is in another: `user` and `id`."""
    member = _table(release, MEMBER)
    if member is None:
        return None
    found = sa.select(member.c.user.label("user"), member.c.group.label("id")).where(
        _mine(release, member.c.user), member.c.deleted_at.is_(None)
    )
    nested = release.catalog.objects[MEMBER].fields.get("member_group")
    if nested is None:
        return found.distinct().subquery()
    inside = found.cte(recursive=True)
    outer = release.tables[nested.object.id].table.alias()
    further = sa.select(inside.c.user, outer.c.group).join_from(
        outer, inside, outer.c[nested.column] == inside.c.id
    )
    return inside.union(further.where(outer.c.deleted_at.is_(None)))


def _sets(release: Release) -> sa.Select[Any] | None:
    """The sets assigned to each."""
    assignment = _table(release, ASSIGNMENT)
    if assignment is None:
        return None
    rows = sa.select(*_row(SET, release, assignment.c.user, text=assignment.c.permission_set))
    return rows.where(_mine(release, assignment.c.user), assignment.c.deleted_at.is_(None)).distinct()


def _sets_of_groups(release: Release) -> sa.Select[Any] | None:
    """The sets assigned to a group she is in."""
    assignment, inside = _table(release, ASSIGNMENT), _inside(release)
    if assignment is None or inside is None:
        return None
    rows = sa.select(*_row(SET, release, inside.c.user, text=assignment.c.permission_set))
    found = rows.join_from(inside, assignment, assignment.c.group == inside.c.id)
    return found.where(assignment.c.deleted_at.is_(None)).distinct()


def _groups(release: Release) -> sa.Select[Any] | None:
    group, inside = _table(release, GROUP), _inside(release)
    if group is None or inside is None:
        return None
    code = _code(release, GROUP, group)
    rows = sa.select(*_row(IN_GROUP, release, inside.c.user, id_=group.c.id, text=code))
    found = rows.join_from(inside, group, group.c.id == inside.c.id)
    return found.where(group.c.deleted_at.is_(None))


def _places(release: Release) -> sa.Select[Any] | None:
    """The department of each, and those above it."""
    user, department = release.catalog.objects.get(USER), _table(release, DEPARTMENT)
    if user is None or "department" not in user.fields or department is None:
        return None
    people = release.tables[user.id].table.alias()
    form = id_form(release.dialect).type
    names = (("above", form), ("below", form), ("depth", sa.INTEGER()))
    pairs = sa.table(f"s_{DEPARTMENT}_closure", *(sa.column(name, type_) for name, type_ in names)).alias()
    code = _code(release, DEPARTMENT, department)
    rows = sa.select(*_row(PLACE, release, people.c.id, id_=department.c.id, text=code, number=pairs.c.depth))
    found = rows.join_from(people, pairs, pairs.c.below == people.c.department).join(
        department, department.c.id == pairs.c.above
    )
    return found.where(_mine(release, people.c.id), department.c.deleted_at.is_(None))


def _deputies(release: Release) -> sa.Select[Any] | None:
    """How far she stands in for somebody at some time; on which days, each statement looks."""
    delegation = _table(release, DELEGATION)
    if delegation is None:
        return None
    rows = sa.select(*_row(DEPUTY, release, delegation.c.deputy, text=delegation.c.access)).distinct()
    return rows.where(_mine(release, delegation.c.deputy), delegation.c.deleted_at.is_(None))


def _code(release: Release, name: str, table: sa.FromClause) -> sa.ColumnElement[Any] | None:
    field = release.catalog.objects[name].fields.get("code")
    return None if field is None else table.c[field.column]
