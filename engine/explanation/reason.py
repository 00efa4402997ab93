"""Access in words: which records a branch is about, what to do about a verdict. Only for people to read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from engine.access import Following, Member, Origin, OwnedBy, StandingIn, Where, Within
from engine.sentence import said
from metadata.catalog import Scope
from metadata.permission import MembershipKind

if TYPE_CHECKING:
    from engine.access import Branch, Source
    from engine.explanation.lever import Lever
    from metadata.catalog import Catalog, ObjectType, PermissionSet
    from metadata.permission import Audience, RestrictionRule, SharingRule

    Named = ObjectType | PermissionSet | RestrictionRule | SharingRule

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
        case Following(target=target):
            return said("what belongs to a {object} that they may read", object=target.name)
        case _:
            assert_never(branch)


def audience(some: Audience) -> str:
    """Some of the company's people; a Sentence."""
    if some.group is not None:
        return said("the group {code}", code=some.group)
    if some.below:
        return said("the department {code} and those below it", code=some.department)
    return said("the department {code}", code=some.department)


_GIFTS = {
    Origin.PERMISSION_SET: "assign the permission set {name}",
    Origin.SHARING_RULE: "let them be among those to whom the sharing rule {name} opens it: {audience}",
    Origin.RESTRICTION_RULE: "lift the restriction rule {name}",
    Origin.TEAM: "take them into the record's team ({name})",
    Origin.POOL: "take them into its pool ({name})",
    Origin.SHARE: "share the record with them",
    Origin.DELEGATION: "let them stand in for its owner",
}
_LOSSES = {
    Origin.PERMISSION_SET: "the permission set {name}",
    Origin.SHARING_RULE: "the sharing rule {name}",
    Origin.TEAM: "their place in the record's team ({name})",
    Origin.POOL: "their place in its pool ({name})",
    Origin.SHARE: "the share of the record",
    Origin.DELEGATION: "that they stand in for its owner",
}


def told(lever: Lever, catalog: Catalog, language: str = "") -> str:
    """What to do, or what carries the access; a Sentence. With a `language`, things go by their labels."""
    rule = catalog.sharing_rules.get(lever.name) if lever.origin is Origin.SHARING_RULE else None
    lifts = lever.origin is Origin.RESTRICTION_RULE
    template = _GIFTS[lever.origin] if lifts or not lever.removes else _LOSSES[lever.origin]
    name = _label(lever.origin, lever.name, catalog, language) if language else lever.name
    return said(template, name=name, audience=audiences(rule.to) if rule else "")


def labelled(source: Source, catalog: Catalog, language: str) -> Source:
    """The same source with labels for the names of the Catalog."""
    wholes = tuple(catalog.objects[each].label.text(language) for each in source.part_of)
    return replace(source, name=_label(source.origin, source.name, catalog, language), part_of=wholes)


def _label(origin: Origin, name: str, catalog: Catalog, language: str) -> str:
    match origin:
        case Origin.SHARING_RULE:
            found: Named | None = catalog.sharing_rules.get(name)
        case Origin.RESTRICTION_RULE:
            found = catalog.restriction_rules.get(name)
        case Origin.POOL | Origin.SHARE:
            found = catalog.objects.get(name)
        case _:
            found = catalog.permission_sets.get(name) or catalog.objects.get(name)
    return found.label.text(language) if found else name


def audiences(some: tuple[Audience, ...]) -> str:
    """Those to whom a rule opens records; a Sentence."""
    first, *others = map(audience, some)
    for other in others:
        first = said("{one}, {other}", one=first, other=other)
    return first


_OBSTACLES = {
    "closed": "No permission set of theirs opens {object} for this.",
    "deleted": "The record lies in the recycle bin.",
    "outside": "The record lies outside of what they reach.",
    "restricted": "A restriction rule takes the record away.",
    "field": "The field is closed to them for this.",
}


def barred(obstacle: str, object_: str) -> str:
    """An obstacle in words; a Sentence."""
    return said(_OBSTACLES[obstacle], object=object_)
