"""What a combination of permission sets grants: a Decision per object and action, a right per field.

Built once per Release and combination of sets. It is the only maker of Decisions. Several sets add up: the
widest right wins. A formula field can be read only where every field it is made of can be read, at any
distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.access import Action, Always, Branch, Decision, Never, part_of, union
from engine.actor import SYSTEM_SET
from engine.sentence import said
from formula.expr import references
from metadata.catalog import Field, FieldPath, FieldRight, Scope, wholes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.release import Release
    from metadata.catalog import Catalog, Grant, ObjectType

HISTORY = "history"
"""The right to see what happened to the records that one may read."""

WRITING = (Action.CREATE, Action.UPDATE, Action.DELETE)

_SYSTEM = Always(reason="the system's own grants")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """Decisions and field rights of one combination of permission sets."""

    sets: tuple[str, ...]
    rights: frozenset[str]
    decisions: dict[tuple[str, Action], Decision]
    fields: dict[Field, FieldRight]

    def decide(self, target: ObjectType, action: Action) -> Decision:
        """The Decision for an action on the records of an object."""
        return self.decisions.get((target.id, action)) or Never(
            reason=said("nothing is granted on {object}", object=target.name)
        )

    def readable(self, field: Field) -> bool:
        """Whether the field may be seen, filtered, sorted and grouped by."""
        return self.fields.get(field, FieldRight.NONE) is not FieldRight.NONE

    def editable(self, field: Field) -> bool:
        """Whether the field may be written."""
        return self.fields.get(field, FieldRight.NONE) is FieldRight.EDIT

    def holds(self, right: str) -> bool:
        """Whether a right of its own, such as `HISTORY`, is granted; the system has them all."""
        return right in self.rights or SYSTEM_SET in self.sets

    def reads(self, target: ObjectType) -> bool:
        """Whether any record of the object may be read."""
        return not isinstance(self.decide(target, Action.READ), Never)

    def sees(self, path: FieldPath) -> bool:
        """Whether every link of the path and its last field may be read (which rows, the Decisions say)."""
        return self.readable(path.field) and all(self.readable(link) for link in path.links)


def policy_of(release: Release, sets: tuple[str, ...]) -> Policy:
    """The policy of a combination of sets, from the Release."""
    return release.statements.get(("policy", sets), lambda: policy(release.catalog, sets))


def policy(catalog: Catalog, sets: Sequence[str]) -> Policy:
    """Add up permission sets by name; a name the Catalog does not know grants nothing."""
    known = [catalog.permission_sets[name] for name in sets if name in catalog.permission_sets]
    system = SYSTEM_SET in sets
    decisions: dict[tuple[str, Action], Decision] = {}
    declared: dict[Field, FieldRight] = {}
    seen: dict[Field, bool] = {}
    for target in catalog.objects.values():
        grants = [(s.name, grant) for s in known if (grant := s.grants.get(target.name))]
        for action in Action:
            decisions[target.id, action] = _SYSTEM if system else _decision(target, action, grants)
        if target.query:
            reason = said("{object} is the answer to a query", object=target.name)
            decisions |= {(target.id, each): Never(reason=reason) for each in WRITING}
        for field in target.fields.values():
            declared[field] = FieldRight.EDIT if system else _right(field, grants)
    if not system:
        own = dict(decisions)
        for target in (each for each in catalog.objects.values() if each.master):
            for action in Action:
                decisions[target.id, action] = _through(target, action, own)
    return Policy(
        sets=tuple(sets),
        rights=frozenset[str]().union(*(s.rights for s in known)),
        decisions=decisions,
        fields={
            # What a layer hides nobody sees by itself; what is computed of it stays as visible as it was.
            field: FieldRight.NONE if field.hidden and not system else _masked(field, declared, seen)
            for field in declared
        },
    )


def _through(target: ObjectType, action: Action, own: Mapping[tuple[str, Action], Decision]) -> Decision:
    """For a part: whether at all, its own grants say; on which records, those of the whole.

    A part bears the owner and department of the whole, so the whole's Decision is read on the part's row.
    """
    decision, parent = own[target.id, action], wholes(target)[:1]
    if not parent or isinstance(decision, Never):
        return decision
    above = _through(parent[0], Action.READ if action is Action.READ else Action.UPDATE, own)
    return part_of(above, parent[0].name)


def _decision(target: ObjectType, action: Action, grants: Sequence[tuple[str, Grant]]) -> Decision:
    otherwise = said(
        "no permission set of yours grants you to {action} {object}",
        action=said(action),
        object=target.name,
    )
    return union(_branches(action, grants), otherwise=otherwise)


def _branches(action: Action, grants: Sequence[tuple[str, Grant]]) -> Iterator[Branch]:
    for name, grant in grants:
        reason = f"permission set {name}"
        match action:
            case Action.READ:
                yield Branch(scope=grant.read, reason=reason)
            case Action.UPDATE:
                yield Branch(scope=grant.update, reason=reason)
            case Action.DELETE:
                yield Branch(scope=grant.delete, reason=reason)
            case Action.CREATE if grant.create:
                # Nobody puts a record where she could not see it again; her own she always may.
                yield Branch(scope=Scope.OWN, reason=reason)
                yield Branch(scope=grant.read, reason=reason)
            case Action.CREATE:
                pass


def _right(field: Field, grants: Sequence[tuple[str, Grant]]) -> FieldRight:
    rights = {_granted(field, grant) for _, grant in grants}
    for right in (FieldRight.EDIT, FieldRight.READ):
        if right in rights:
            return right
    return FieldRight.NONE


def _granted(field: Field, grant: Grant) -> FieldRight:
    if field.name in grant.fields:
        return grant.fields[field.name]
    # The bookkeeping of a record goes with the record; the owner and the rest follow the set's default.
    if field.system and grant.field_default is FieldRight.NONE:
        return FieldRight.READ
    return grant.field_default


def _masked(field: Field, declared: dict[Field, FieldRight], seen: dict[Field, bool]) -> FieldRight:
    right = declared[field]
    if field.formula is None or right is FieldRight.NONE:
        return right
    return FieldRight.READ if _all_seen(field, declared, seen) else FieldRight.NONE


def _all_seen(field: Field, declared: dict[Field, FieldRight], seen: dict[Field, bool]) -> bool:
    """Walk what a formula field is made of, each of them once; the compiler has refused cycles."""
    if field not in seen:
        seen[field] = declared.get(field, FieldRight.NONE) is not FieldRight.NONE and all(
            _all_seen(part, declared, seen)
            for reference in (references(field.formula.expr) if field.formula else ())
            if isinstance(path := reference.key, FieldPath)
            for part in (*path.links, path.field)
        )
    return seen[field]
