"""What stands behind a Decision: every branch that somebody's grants and rules give, and every restriction.

Sharing – rules, teams, pools, shares, standing in – widens only what a permission set has opened: who reads
no record of an object at all reads none because of it. Nothing but permission sets lets create or delete.
Called by `engine/policy.py`, and by explanations, which want all of the branches and not the smallest union.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.access import (
    Action,
    Decision,
    Following,
    Member,
    Never,
    Origin,
    OwnedBy,
    Source,
    StandingIn,
    Where,
    Within,
    come_down,
    union,
)
from engine.sentence import said
from metadata.catalog import Scope, stages
from metadata.permission import NOWHERE, Access, MembershipKind, Reach
from metadata.record_type import STAGE_HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.access import Branch
    from metadata.catalog import Field, Grant, ObjectType, PermissionSet
    from metadata.permission import Membership, RestrictionRule, SharingRule

_SHARED = (Action.READ, Action.UPDATE)
_OWN = Reach(scopes=(Scope.OWN,))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grounds:
    """What somebody has: her sets, the sharing rules open to her, the restrictions that bind her.

    `deputy` says how far she stands in for others.
    """

    sets: tuple[PermissionSet, ...]
    sharing: tuple[SharingRule, ...] = ()
    restrictions: tuple[RestrictionRule, ...] = ()
    deputy: frozenset[Access] = frozenset()


def decided(grounds: Grounds, target: ObjectType, action: Action) -> Decision:
    """The Decision for an action on the records of an object.

    For a part: whether at all, its own grants say; on which records, those of the whole.
    """
    found = tuple(branches(grounds, target, action))
    return union(found, restrictions(grounds, target), otherwise=_lacking(grounds, target, action))


def branches(grounds: Grounds, target: ObjectType, action: Action) -> Iterator[Branch]:
    """Every branch, also those that others contain; of a part those of the whole."""
    whole = target.master.target if target.master else None
    if not _let_in(grounds, target, action):
        return
    if (link := target.late["body"].follows) is not None:
        if action is Action.READ:
            yield from _following(grounds, target, link)
        return
    if target.master is None or whole is None:
        yield from _granted(grounds, target, action)
        yield from _opened(grounds, target, action)
        return
    for each in branches(grounds, whole, _above(action)):
        yield come_down(each, target.master, whole.name)


def _following(grounds: Grounds, target: ObjectType, link: Field) -> Iterator[Branch]:
    """A branch for each object whose records such a row may be about, as far as these may be read."""
    given = next(each for each in grounds.sets if (g := each.grants.get(target.name)) and g.read)
    for whole in link.others:
        if not _has_rows(target, whole):
            continue
        decision = decided(grounds, whole, Action.READ)
        if not isinstance(decision, Never):
            source = Source(origin=Origin.PERMISSION_SET, name=given.name, part_of=(whole.name,))
            yield Following(link=link, target=whole, decision=decision, source=source)


def _has_rows(target: ObjectType, whole: ObjectType) -> bool:
    """Whether rows of `target` may be about records of `whole`."""
    if whole.late["body"].follows is not None:
        return False
    return target.name != STAGE_HISTORY or bool(stages(whole))


def restrictions(grounds: Grounds, target: ObjectType) -> Iterator[Where]:
    """What takes records away; from a part also what takes away its whole."""
    for rule in grounds.restrictions:
        if rule.object is target:
            source = Source(origin=Origin.RESTRICTION_RULE, name=rule.name)
            yield Where(formula=rule.where, source=source)
    if target.master is not None and target.master.target is not None:
        for each in restrictions(grounds, target.master.target):
            yield come_down(each, target.master, target.master.target.name)


def _above(action: Action) -> Action:
    """What one must be able to do with the whole to do this with its part."""
    return Action.READ if action is Action.READ else Action.UPDATE


def _lacking(grounds: Grounds, target: ObjectType, action: Action) -> str:
    whole = target.master.target if target.master else None
    if whole is not None and _let_in(grounds, target, action):
        reason = _lacking(grounds, whole, _above(action))
        return said("{reason}, as for its {object}", reason=reason, object=whole.name)
    return said(
        "no permission set of yours grants you to {action} {object}",
        action=said(action),
        object=target.name,
    )


def _let_in(grounds: Grounds, target: ObjectType, action: Action) -> bool:
    """Whether a permission set opens the object at all."""
    return any(True for _ in _granted(grounds, target, action))


def _granted(grounds: Grounds, target: ObjectType, action: Action) -> Iterator[Branch]:
    for each in grounds.sets:
        grant = each.grants.get(target.name)
        if grant is not None and (reach := reached(grant, action)):
            yield from _reaching(grounds, each, target, action, reach)


def reached(grant: Grant, action: Action) -> Reach:
    """Which records a grant reaches. Nobody puts a record where she could not see it again."""
    match action:
        case Action.READ:
            return grant.read
        case Action.UPDATE:
            return grant.update
        case Action.DELETE:
            return grant.delete
        case _:
            return _created(grant) if grant.create else NOWHERE


def _created(grant: Grant) -> Reach:
    return grant.read or _OWN


def _reaching(
    grounds: Grounds, set_: PermissionSet, target: ObjectType, action: Action, reach: Reach
) -> Iterator[Branch]:
    """Own records are in every reach, and those of whom she stands in for."""
    source = Source(origin=Origin.PERMISSION_SET, name=set_.name)
    scopes = dict.fromkeys((Scope.OWN, *reach.scopes))
    yield from (Within(scope=scope, source=source) for scope in scopes if scope is not Scope.TEAM)
    yield from (Where(formula=formula, source=source) for formula in reach.where)
    if Scope.TEAM in scopes and action is not Action.CREATE:
        for each in target.memberships:
            if each.kind is MembershipKind.TEAM:
                team = Source(origin=Origin.TEAM, name=set_.name)
                yield Member(membership=each, edit=action is not Action.READ, source=team)
    if _stands_in(grounds, action):
        place = Source(origin=Origin.DELEGATION, name=set_.name)
        scope = Scope.BELOW if Scope.BELOW in scopes else Scope.OWN
        yield StandingIn(scope=scope, edit=action is not Action.READ, source=place)


def _stands_in(grounds: Grounds, action: Action) -> bool:
    if action is Action.DELETE:
        return False
    return bool(grounds.deputy) if action is Action.READ else Access.EDIT in grounds.deputy


def _opened(grounds: Grounds, target: ObjectType, action: Action) -> Iterator[Branch]:
    """What rules, pools and shares open to whom a grant has let into the object."""
    if action not in _SHARED:
        return
    for rule in grounds.sharing:
        if rule.object is target and rule.active and (action is Action.READ or rule.access is Access.EDIT):
            yield _ruled(rule)
    for each in target.memberships:
        if each.kind is not MembershipKind.TEAM:
            yield Member(membership=each, edit=action is Action.UPDATE, source=_membership(each))


def _ruled(rule: SharingRule) -> Branch:
    source = Source(origin=Origin.SHARING_RULE, name=rule.name)
    if rule.owners is not None:
        return OwnedBy(owners=rule.owners, source=source)
    assert rule.where is not None, "a sharing rule says which records: by a condition or by their owners"
    return Where(formula=rule.where, source=source)


def _membership(membership: Membership) -> Source:
    origin = Origin.POOL if membership.kind is MembershipKind.POOL else Origin.SHARE
    return Source(origin=origin, name=membership.members.name)
