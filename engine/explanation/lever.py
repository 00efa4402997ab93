"""The single grants that would turn a verdict: what to give where somebody may not, what takes it away where
she may.

Each is proposed and then tried: a verdict is worked out with it, by the same Decision. Two grants that would
do it only together are not named. Called by `engine/explanation/explain.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.access import Action, Member, Origin
from engine.explanation.truth import everything, needed, of_kind
from engine.grounds import branches
from metadata.permission import Access, MembershipKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.access import Branch
    from engine.explanation.case import Case
    from engine.explanation.truth import Truth

_KINDS = {
    Origin.TEAM: MembershipKind.TEAM,
    Origin.POOL: MembershipKind.POOL,
    Origin.SHARE: MembershipKind.SHARE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One grant: to be given, or with `removes` to be taken away (a restriction: to be lifted).

    `name` is a permission set's or rule's, or the object's of whose records one is made a member. `access`
    is how far to share, or to stand in.
    """

    origin: Origin
    name: str = ""
    access: Access | None = None
    removes: bool = False


def givers(case: Case, user: str) -> tuple[Lever, ...]:
    """The grants each of which alone would let her, where she may not; `user` is her id."""
    return tuple(lever for lever, tried in _gifts(case, user) if tried.allowed)


def takers(case: Case) -> tuple[tuple[Lever, ...], tuple[Lever, ...]]:
    """The grants each of which alone carries what she may; or else those that carry it together."""
    carriers = list(_carriers(case))
    alone = tuple(lever for lever, tried in carriers if not tried.allowed)
    return alone, () if alone else tuple(lever for lever, _ in carriers)


def _gifts(case: Case, user: str) -> Iterator[tuple[Lever, Case]]:
    catalog = case.release.catalog
    for name in catalog.permission_sets:
        if name not in case.sets:
            yield Lever(origin=Origin.PERMISSION_SET, name=name), replace(case, sets=(*case.sets, name))
    for rule in case.grounds.restrictions:
        lifted = case.lifted | {rule.name}
        lever = Lever(origin=Origin.RESTRICTION_RULE, name=rule.name, removes=True)
        yield lever, replace(case, lifted=lifted)
    for name, shared in catalog.sharing_rules.items():
        if shared.active and name not in case.sharing:
            joined = (*case.sharing, name)
            yield Lever(origin=Origin.SHARING_RULE, name=name), replace(case, sharing=joined)
    if case.truth is not None and case.action in _SHARED:
        yield from _memberships(case, case.truth)
        yield from _stand_ins(case, case.truth, user)


_SHARED = (Action.READ, Action.UPDATE)


def _far(action: Action) -> Access:
    return Access.READ if action is Action.READ else Access.EDIT


def _memberships(case: Case, truth: Truth) -> Iterator[tuple[Lever, Case]]:
    """To share the record with her, take her into its team, or into its pool."""
    asked = everything(case.release.catalog, case.target, case.action)
    for origin, kind in _KINDS.items():
        joined = [each for each in of_kind(asked, origin) if _joinable(each, truth)]
        for name in dict.fromkeys(_members(each) for each in joined):
            more = [each for each in joined if _members(each) == name and not truth.holds(each)]
            if more:
                access = None if kind is MembershipKind.POOL else _far(case.action)
                lever = Lever(origin=origin, name=name, access=access)
                yield lever, replace(case, truth=truth.supposing(more))


def _joinable(branch: Branch, truth: Truth) -> bool:
    """Of a pool only the record itself is asked whether it lies in one."""
    if not isinstance(branch, Member) or branch.membership.kind is not MembershipKind.POOL:
        return True
    return not branch.via and branch.membership in truth.pooled


def _members(branch: Branch) -> str:
    return branch.membership.members.name if isinstance(branch, Member) else ""


def _stand_ins(case: Case, truth: Truth, user: str) -> Iterator[tuple[Lever, Case]]:
    """To stand in for whoever owns the record, from today on."""
    branch = of_kind(everything(case.release.catalog, case.target, case.action), Origin.DELEGATION)
    if branch and truth.owner not in (None, user) and not all(map(truth.holds, branch)):
        lever = Lever(origin=Origin.DELEGATION, access=_far(case.action))
        yield lever, replace(case, deputy=frozenset(Access), truth=truth.supposing(branch))


def _carriers(case: Case) -> Iterator[tuple[Lever, Case]]:
    """What she has and what of it the record lies in, each with the case without it."""
    for name in case.sets:
        if name in case.release.catalog.permission_sets:
            lever = Lever(origin=Origin.PERMISSION_SET, name=name, removes=True)
            yield lever, replace(case, sets=tuple(each for each in case.sets if each != name))
    if case.truth is None:
        return
    held = [
        each
        for need in needed(case.action)
        for each in branches(case.grounds, case.target, need)
        if case.truth.holds(each)
    ]
    for name in dict.fromkeys(b.source.name for b in held if b.source.origin is Origin.SHARING_RULE):
        lever = Lever(origin=Origin.SHARING_RULE, name=name, removes=True)
        yield lever, replace(case, sharing=tuple(each for each in case.sharing if each != name))
    for origin in (*_KINDS, Origin.DELEGATION):
        mine = of_kind(held, origin)
        for name in dict.fromkeys(map(_members, mine)):
            fewer = [each for each in mine if _members(each) == name]
            lever = Lever(origin=origin, name=name, removes=True)
            yield lever, replace(case, truth=case.truth.supposing(fewer=fewer))
