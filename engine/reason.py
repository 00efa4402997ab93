"""A branch of a Decision in words: which records it is about. Only for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from engine.access import Member, OwnedBy, StandingIn, Where, Within
from engine.sentence import said
from metadata.catalog import Scope
from metadata.permission import MembershipKind

if TYPE_CHECKING:
    from engine.access import Branch
    from metadata.permission import Audience

_SCOPES = {
    Scope.NONE: "no records",
    Scope.OWN: "their own records",
    Scope.BELOW: "records of people below them",
    Scope.DEPARTMENT: "records of their department",
    Scope.DEPARTMENTS: "records of their department and those below it",
    Scope.TEAM: "records in whose team they are",
    Scope.ALL: "all records",
}
_MEMBERSHIPS = {
    MembershipKind.TEAM: "records in whose team they are",
    MembershipKind.POOL: "records without an owner in a pool of theirs",
    MembershipKind.SHARE: "records shared with them",
}


def kind_of(branch: Branch) -> str:
    """Which records a branch is about, from the actor's point of view; a Sentence."""
    match branch:
        case Within(scope=scope):
            return said(_SCOPES[scope])
        case Where(formula=formula):
            return said("records with {formula}", formula=formula.source.text.strip())
        case OwnedBy(owners=owners):
            return said("records owned by people of {audience}", audience=audience(owners))
        case Member(membership=membership):
            return said(_MEMBERSHIPS[membership.kind])
        case StandingIn():
            return said("records of people they stand in for")
        case _:
            assert_never(branch)


def audience(some: Audience) -> str:
    """Some of the company's people; a Sentence."""
    if some.group is not None:
        return said("the group {code}", code=some.group)
    if some.below:
        return said("the department {code} and those below it", code=some.department)
    return said("the department {code}", code=some.department)
