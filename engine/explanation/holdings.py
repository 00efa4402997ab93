"""All that a user may do: her permission sets and their origins, and how far she reaches in each object.

An explanation without a record: the branches of the same Decisions, in words. About others only those with
the right `setup` ask. Called by the user's page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.access import Action, Never
from engine.explanation.case import parts
from engine.explanation.explain import person
from engine.explanation.reason import kind_of
from engine.explanation.truth import decision
from engine.grounds import branches, restrictions
from engine.policy import field_rights, grounds_of
from engine.predicate import GROUP
from engine.standing import ASSIGNMENT
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.permission import FieldRight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.access import Source
    from engine.actor import Actor
    from engine.grounds import Grounds
    from engine.release import Release
    from engine.session import Session
    from metadata.catalog import Field, ObjectType


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A permission set that she has: assigned to herself, or to `group`, its name, which she is in."""

    set: str
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far she gets in an object: for each action the records, in words and each with its source.

    `restrictions` take some of them away; `hidden` are the fields that she may not see.
    """

    object: ObjectType
    records: dict[Action, tuple[tuple[str, Source], ...]]
    restrictions: tuple[Source, ...]
    hidden: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a user has and reaches; objects that are closed to her are not there."""

    user: Actor
    sets: tuple[Held, ...]
    rights: tuple[str, ...]
    objects: tuple[Reached, ...]


def holdings(session: Session, user: str) -> Holdings:
    """What a user may do. Raises `Problem`: 403 for who may not ask, 404 where there is no such user."""
    her = person(session, user)
    catalog = session.release.catalog
    grounds = grounds_of(catalog, her.permission_sets, her.sharing_rules, her.deputy)
    alive = (target for target in catalog.objects.values() if not target.retired)
    return Holdings(
        user=her,
        sets=tuple(_sets(session, her)),
        rights=tuple(sorted(frozenset[str]().union(*(each.rights for each in grounds.sets)))),
        objects=tuple(each for target in alive if (each := _reached(grounds, target)).records),
    )


def _reached(grounds: Grounds, target: ObjectType) -> Reached:
    open_to = [each for each in Action if not isinstance(decision(grounds, target, each), Never)]
    fields = [field for field in target.fields.values() if not field.retired]
    rights = field_rights(_with_parts(fields), grounds.sets)
    return Reached(
        object=target,
        records={each: tuple(_records(grounds, target, each)) for each in open_to},
        restrictions=tuple(each.source for each in restrictions(grounds, target)),
        hidden=tuple(field for field in fields if rights[field] is FieldRight.NONE),
    )


def _records(grounds: Grounds, target: ObjectType, action: Action) -> Iterator[tuple[str, Source]]:
    found = ((kind_of(each), each.source) for each in branches(grounds, target, action))
    yield from dict.fromkeys(found)


def _with_parts(fields: list[Field]) -> set[Field]:
    return set["Field"]().union(*(parts(field) for field in fields))


def _sets(session: Session, her: Actor) -> Iterator[Held]:
    release = session.release
    statement = release.statements.get(("holdings",), lambda: _assigned(release))
    if statement is None:
        return
    params = {
        "user": id_list([her.id] if her.id else [], release.dialect),
        "groups": id_list(her.groups, release.dialect),
    }
    with session.reading() as connection:
        for name, group in statement.rows(connection, params):
            yield Held(set=name, group=group)


def _assigned(release: Release) -> Statement | None:
    """The sets assigned to her and to her groups, with the names of these."""
    catalog, dialect = release.catalog, release.dialect
    if ASSIGNMENT not in catalog.objects or GROUP not in catalog.objects:
        return None
    held, group = (release.tables[catalog.objects[name].id].table.alias() for name in (ASSIGNMENT, GROUP))
    mine = sa.or_(among_ids(held.c.user, "user", dialect), among_ids(held.c.group, "groups", dialect))
    rows = sa.select(held.c.permission_set, group.c.name).select_from(
        held.outerjoin(group, group.c.id == held.c.group)
    )
    wanted = rows.where(mine, held.c.deleted_at.is_(None)).distinct()
    return compile_statement(wanted.order_by(held.c.permission_set, group.c.name), dialect)
