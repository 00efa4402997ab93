"""Explanations: their verdict is that of enforcement, and each grant they name turns it.

A named grant is given or taken away in the world itself, and the oracle judges that world.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.access import Action, Origin
from engine.explanation.explain import explain
from engine.explanation.viewers import viewers
from tests.oracle.doors import Sample
from tests.oracle.judge import Judge
from tests.oracle.shape import OBJECTS
from tests.oracle.world import ACTIONS, Audience, Delegation, Grant, Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.explanation.lever import Lever
    from tests.oracle.company import Company
    from tests.oracle.world import Row, World

_KINDS = {Origin.TEAM: "team", Origin.POOL: "pool", Origin.SHARE: "share"}
_MINE = "group of her own"
_ADMINISTRATOR = "administrator"
_ALL = {
    name: Grant(create=True, reach=dict.fromkeys(ACTIONS, ("all",)), fields={}) for name in ("user", *OBJECTS)
}
"""The platform's own permission set, which every company has."""


class Explain:
    """Why somebody may, or may not, as the system's own actor asks it."""

    name = "explain"
    routes: frozenset[tuple[str, str]] = frozenset()

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for row in company.some(who, list(company.world.rows.values())):
            fields = list(OBJECTS[row.object])
            for action in (Action.READ, Action.UPDATE, Action.DELETE):
                asked = ("", *fields[-2:]) if action is not Action.DELETE else ("",)
                for field in asked:
                    yield from self._explained(company, who, action, row, field)

    def _explained(self, company: Company, who: str, action: Action, row: Row, name: str) -> Iterator[Sample]:
        target = company.target(row.object)
        told = explain(
            company.tenant.upkeep(company.release), company.ids[who], action, target, row.id,
            target.fields[name] if name else None,
        )  # fmt: skip
        wanted = allowed(company.judge, who, action, row, name)
        ask = {"who": who, "action": action.value, "record": row.name}
        yield Sample(**ask, field=name, found=told.allowed, wanted=wanted, how="explain")
        named = bool(told.would_change or told.together)
        yield Sample(**ask, field=f"{name} why", found=named or not wanted, wanted=True, how="explain")
        for lever in told.would_change:
            turned = Judge(world=changed(company.world, who, row, lever))
            found = allowed(turned, who, action, row, name)
            yield Sample(
                **ask, field=f"{name} by {lever.name}", found=found, wanted=not wanted, how=f"{lever}"
            )


class Viewers:
    """Who can see a record, and how far, as the system's own actor asks it: of all people at once."""

    name = "viewers"
    routes: frozenset[tuple[str, str]] = frozenset()

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        door = company.tenant.upkeep(company.release)
        for row in company.some(who, list(company.world.rows.values())):
            told = viewers(door, company.target(row.object), row.id, after=None, limit=100)
            levels = {viewer.id: viewer.level.value for viewer in told.viewers}
            for person in company.world.people:
                found = levels.get(company.ids[person], "none")
                wanted = _level(company.judge, person, row)
                yield Sample(
                    who=person, action="read", record=row.name, field="level", found=found, wanted=wanted,
                    how="viewers",
                )  # fmt: skip


def _level(judge: Judge, who: str, row: Row) -> str:
    """How far somebody may go with a record."""
    ways = (("delete", "delete"), ("update", "edit"), ("read", "read"))
    return next((level for action, level in ways if judge.may(who, action, row)), "none")


def allowed(judge: Judge, who: str, action: Action, row: Row, field: str) -> bool:
    """The verdict of enforcement."""
    if not judge.may(who, action.value, row):
        return False
    right = judge.right(who, row.object, field) if field else "edit"
    return right == "edit" or (right == "read" and action is Action.READ)


def changed(world: World, who: str, row: Row, lever: Lever) -> World:
    """The world with a grant given to somebody, or taken from her."""
    match lever.origin:
        case Origin.PERMISSION_SET:
            return _with_set(world, who, lever)
        case Origin.RESTRICTION_RULE:
            kept = tuple(rule for rule in world.restrictions if rule.name != lever.name)
            return replace(world, restrictions=kept)
        case Origin.SHARING_RULE:
            return _with_rule(world, who, lever)
        case Origin.DELEGATION:
            return _standing_in(world, who, row, lever)
        case _:
            return _with_opening(world, who, row, lever)


def _with_set(world: World, who: str, lever: Lever) -> World:
    """Of her own and of her groups, which nobody else is asked about."""
    if not lever.removes:
        of_people = {**world.of_people, who: (*world.of_people[who], lever.name)}
        known, rights = {_ADMINISTRATOR: _ALL, **world.sets}, {_ADMINISTRATOR: (), **world.rights}
        return replace(world, of_people=of_people, sets=known, rights=rights)

    def without(sets: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in sets if name != lever.name)

    groups = {name: without(sets) for name, sets in world.of_groups.items()}
    of_people = {**world.of_people, who: without(world.of_people[who])}
    return replace(world, of_people=of_people, of_groups=groups)


def _with_rule(world: World, who: str, lever: Lever) -> World:
    if lever.removes:
        return replace(world, sharing=tuple(rule for rule in world.sharing if rule.name != lever.name))
    to = (Audience(group=_MINE),)
    shared = (replace(rule, to=to) if rule.name == lever.name else rule for rule in world.sharing)
    groups = {**world.of_groups, _MINE: ()}
    return replace(world, sharing=tuple(shared), members={**world.members, _MINE: (who,)}, of_groups=groups)


def _standing_in(world: World, who: str, row: Row, lever: Lever) -> World:
    if lever.removes:
        return replace(world, delegations=tuple(each for each in world.delegations if each.deputy != who))
    assert row.owner, "nobody stands in for nobody"
    more = Delegation(
        absent=row.owner, deputy=who, first=0, last=0, access=str(lever.access or "edit"), active=True
    )
    return replace(world, delegations=(*world.delegations, more))


def _with_opening(world: World, who: str, row: Row, lever: Lever) -> World:
    kind, whole = _KINDS[lever.origin], _uppermost(world, row)
    record = str(whole.values["depot"]) if kind == "pool" else whole.name
    if lever.removes:
        kept = tuple(each for each in world.openings if (each.kind, each.record) != (kind, record))
        return replace(world, openings=kept)
    more = Opening(kind=kind, record=record, user=who, access=str(lever.access or "edit"))
    return replace(world, openings=(*world.openings, more))


def _uppermost(world: World, row: Row) -> Row:
    here, judge = row, Judge(world=world)
    while (whole := judge.whole(here)) is not None:
        here = whole
    return here
