"""Who may do what with which rows: the Decision, decided in one place and read in three ways.

A `Decision` is never, always, or a union of branches, each with the grant it comes from. The same object
filters rows in SQL (`condition`), checks a row in Python (`allows`) and explains itself (`why`). It is made
by `Policy`; only plans that hold one become SQL. Absence of a grant, or an error, is `Never`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, assert_never

from engine.sentence import said
from metadata.catalog import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator


class Action(StrEnum):
    """What is done with a record."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """No row; `reason` says what is missing."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Always:
    """Every row, thanks to `reason`."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The rows within `scope` of the actor, thanks to `reason`."""

    scope: Scope
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """The rows that lie in at least one branch; never empty."""

    branches: tuple[Branch, ...]


Decision: TypeAlias = Never | Always | Union


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Where the actor stands in the organisation, as ids.

    She herself, the people below her, her department and those below it.
    """

    user: str | None
    below: frozenset[str] = frozenset()
    department: str | None = None
    departments: frozenset[str] = frozenset()


# A narrower scope adds nothing beside one that contains it whatever the organisation looks like.
_CONTAINS = {
    Scope.NONE: frozenset[Scope](),
    Scope.OWN: frozenset[Scope](),
    Scope.BELOW: frozenset({Scope.OWN}),
    Scope.DEPARTMENT: frozenset({Scope.OWN}),
    Scope.DEPARTMENTS: frozenset({Scope.OWN, Scope.DEPARTMENT}),
    Scope.ALL: frozenset({Scope.OWN, Scope.BELOW, Scope.DEPARTMENT, Scope.DEPARTMENTS}),
}


def union(branches: Iterator[Branch], *, otherwise: str) -> Decision:
    """Join branches into the smallest Decision that allows the same rows.

    `otherwise` is the reason of Never.
    """
    by_scope: dict[Scope, Branch] = {}
    for branch in branches:
        by_scope.setdefault(branch.scope, branch)
    by_scope.pop(Scope.NONE, None)
    if not by_scope:
        return Never(reason=otherwise)
    if everything := by_scope.get(Scope.ALL):
        return Always(reason=everything.reason)
    covered = frozenset[Scope]().union(*(_CONTAINS[scope] for scope in by_scope))
    return Union(branches=tuple(by_scope[scope] for scope in sorted(by_scope) if scope not in covered))


def part_of(decision: Decision, whole: str) -> Decision:
    """The Decision for the parts of records of the object `whole`, from that for these records."""
    match decision:
        case Never(reason=reason):
            return Never(reason=_through(reason, whole))
        case Always(reason=reason):
            return Always(reason=_through(reason, whole))
        case Union(branches=branches):
            parts = (Branch(scope=each.scope, reason=_through(each.reason, whole)) for each in branches)
            return Union(branches=tuple(parts))
        case _:
            assert_never(decision)


def _through(reason: str, whole: str) -> str:
    return said("{reason}, as for its {object}", reason=reason, object=whole)


def allows(decision: Decision, circle: Circle, owner: str | None, department: str | None) -> bool:
    """Whether a row with this owner and department (ids) is allowed to an actor standing in `circle`."""
    match decision:
        case Never():
            return False
        case Always():
            return True
        case Union(branches=branches):
            return any(_within(branch.scope, circle, owner, department) for branch in branches)
        case _:
            assert_never(decision)


def why(decision: Decision, circle: Circle, owner: str | None, department: str | None) -> tuple[str, ...]:
    """The reasons for which a row is allowed, or the single reason for which it is not."""
    match decision:
        case Never(reason=reason) | Always(reason=reason):
            return (reason,)
        case Union(branches=branches):
            found = tuple(b.reason for b in branches if _within(b.scope, circle, owner, department))
            return found or ("the record lies outside " + ", ".join(b.reason for b in branches),)
        case _:
            assert_never(decision)


def scopes(decision: Decision) -> tuple[Scope, ...]:
    """The shape of a Decision: what its SQL depends on, without the reasons."""
    match decision:
        case Never():
            return (Scope.NONE,)
        case Always():
            return (Scope.ALL,)
        case Union(branches=branches):
            return tuple(branch.scope for branch in branches)
        case _:
            assert_never(decision)


def _within(scope: Scope, circle: Circle, owner: str | None, department: str | None) -> bool:
    if owner is not None and owner == circle.user:
        return scope is not Scope.NONE
    match scope:
        case Scope.NONE | Scope.OWN:
            return False
        case Scope.BELOW:
            return owner in circle.below
        case Scope.DEPARTMENT:
            return department is not None and department == circle.department
        case Scope.DEPARTMENTS:
            return department in circle.departments
        case Scope.ALL:
            return True
        case _:
            assert_never(scope)
