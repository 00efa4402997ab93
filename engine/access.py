"""Who may do what with which rows: the Decision, decided in one place.

A `Decision` is never, always, or a union of branches minus restrictions, each with its source: the grant or
rule it comes from. `Policy` makes it; `engine/predicate.py` turns it into the condition that filters rows,
checks them and explains itself. Absence of a grant, or an error, is `Never`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from engine.sentence import said
from metadata.catalog import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formula.expr import Formula
    from metadata.catalog import Field, ObjectType
    from metadata.permission import Audience, Membership


class Action(StrEnum):
    """What is done with a record."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"


class Origin(StrEnum):
    """Where access comes from, or what takes it away."""

    SYSTEM = "system"
    PERMISSION_SET = "permission_set"
    SHARING_RULE = "sharing_rule"
    RESTRICTION_RULE = "restriction_rule"
    TEAM = "team"
    POOL = "pool"
    SHARE = "share"
    DELEGATION = "delegation"


_WORDS = {
    Origin.SYSTEM: "the system's own grants",
    Origin.PERMISSION_SET: "permission set {name}",
    Origin.SHARING_RULE: "sharing rule {name}",
    Origin.RESTRICTION_RULE: "restriction rule {name}",
    Origin.TEAM: "the record's team, by permission set {name}",
    Origin.POOL: "the members of {name}",
    Origin.SHARE: "a share of the record",
    Origin.DELEGATION: "standing in for its owner, by permission set {name}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One grant or rule: `name` is what it is called in the Catalog, `part_of` the wholes it came down
    through.
    """

    origin: Origin
    name: str = ""
    part_of: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """The source in words."""
        words = said(_WORDS[self.origin], name=self.name)
        for whole in self.part_of:
            words = said("{reason}, as for its {object}", reason=words, object=whole)
        return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The rows whose owner or department lies within `scope` of the actor."""

    scope: Scope
    source: Source
    via: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The rows for which a formula is true, seen with the system's eyes."""

    formula: Formula
    source: Source
    via: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedBy:
    """The rows owned by some of the company's people."""

    owners: Audience
    source: Source
    via: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """The rows that a row of the membership opens to the actor, her groups or her departments."""

    membership: Membership
    edit: bool
    source: Source
    via: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIn:
    """The rows within `scope`, own or below, of somebody who is away and whose deputy the actor is."""

    scope: Scope
    edit: bool
    source: Source
    via: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """The rows whose link to records of several objects leads to one of `target` that `decision` allows."""

    link: Field
    target: ObjectType
    decision: Decision
    source: Source
    via: tuple[Field, ...] = ()


Branch: TypeAlias = Within | Where | OwnedBy | Member | StandingIn | Following
"""`via` are the links to the whole whose row is meant, nearest first; none: the row itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """No row; `reason` says what is missing."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Always:
    """Every row."""

    source: Source

    @property
    def reason(self) -> str:
        """Thanks to what, in words."""
        return self.source.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """The rows that lie in at least one branch and fulfil every restriction; there is a branch.

    A branch of scope `all` stands alone, and only where there are restrictions.
    """

    branches: tuple[Branch, ...]
    restrictions: tuple[Where, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether owner and department alone decide."""
        return not self.restrictions and all(isinstance(each, Within) for each in self.branches)


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
    Scope.OWN: frozenset[Scope](),
    Scope.BELOW: frozenset({Scope.OWN}),
    Scope.DEPARTMENT: frozenset[Scope](),
    Scope.DEPARTMENTS: frozenset({Scope.DEPARTMENT}),
    Scope.ALL: frozenset({Scope.OWN, Scope.BELOW, Scope.DEPARTMENT, Scope.DEPARTMENTS}),
}

T = TypeVar("T", bound=Branch)


def union(branches: Iterable[Branch], restrictions: Iterable[Where] = (), *, otherwise: str) -> Decision:
    """Join branches into the smallest Decision that allows the same rows.

    `otherwise` is the reason of Never, where there is no branch.
    """
    found, taken = smallest(branches), tuple(restrictions)
    if not found:
        return Never(reason=otherwise)
    if isinstance(first := found[0], Within) and first.scope is Scope.ALL and not taken:
        return Always(source=first.source)
    return Union(branches=found, restrictions=taken)


def smallest(branches: Iterable[Branch]) -> tuple[Branch, ...]:
    """Without those that others contain: of equal ones the first stays, and `all` makes every other idle."""
    first: dict[Branch, Branch] = {}
    for each in branches:
        first.setdefault(what(each), each)
    everything = next((b for b in first.values() if isinstance(b, Within) and b.scope is Scope.ALL), None)
    if everything:
        return (everything,)
    scopes = {each.scope for each in first.values() if isinstance(each, Within)}
    covered = frozenset[Scope]().union(*(_CONTAINS[scope] for scope in scopes))
    return tuple(b for b in first.values() if not (isinstance(b, Within) and b.scope in covered))


def what(branch: Branch) -> Branch:
    """A branch but for its source."""
    return replace(branch, source=Source(origin=Origin.SYSTEM))


def come_down(branch: T, link: Field, whole: str) -> T:
    """A branch of the whole as one of its parts, which point at it by `link`.

    Owner and department of a part are those of the whole, so that these are read on the part's own row.
    """
    source = replace(branch.source, part_of=(*branch.source.part_of, whole))
    own_row = isinstance(branch, Within | OwnedBy | StandingIn)
    return replace(branch, source=source, via=() if own_row else (link, *branch.via))


def surely(decision: Decision, circle: Circle, owner: str | None, department: str | None) -> bool | None:
    """Whether a row with this owner and department (ids) is allowed to an actor standing in `circle`.

    None where more than these two decides, and the database has to be asked.
    """
    if not isinstance(decision, Union):
        return isinstance(decision, Always)
    scopes = [each.scope for each in decision.branches if isinstance(each, Within)]
    inside = any(_within(scope, circle, owner, department) for scope in scopes)
    if decision.plain:
        return inside
    return True if inside and not decision.restrictions else None


def scopes(decision: Decision) -> tuple[Scope, ...]:
    """The scopes that decide by owner and department."""
    if not isinstance(decision, Union):
        return ()
    return tuple(each.scope for each in decision.branches if isinstance(each, Within))


def _within(scope: Scope, circle: Circle, owner: str | None, department: str | None) -> bool:
    match scope:
        case Scope.OWN:
            return owner is not None and owner == circle.user
        case Scope.BELOW:
            return owner is not None and (owner == circle.user or owner in circle.below)
        case Scope.DEPARTMENT:
            return department is not None and department == circle.department
        case Scope.DEPARTMENTS:
            return department in circle.departments
        case _:
            return scope is Scope.ALL
