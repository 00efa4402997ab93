"""What permission sets and rules grant somebody: a Decision per object and action, a right per field.

Built once per Release and combination. With `engine/grounds.py`, which finds the branches, it is the only
maker of Decisions. Several sets add up: the widest right wins. A formula field can be read only where every
field it is made of can be read, at any distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.access import Action, Always, Decision, Never, Origin, Source
from engine.actor import SYSTEM_SET
from engine.grounds import Grounds, decided
from engine.sentence import said
from formula.expr import references
from metadata.catalog import Field, FieldPath, FieldRight
from metadata.derivation import expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.release import Release
    from metadata.catalog import Catalog, Grant, ObjectType, PermissionSet
    from metadata.permission import Access, RestrictionRule

    PolicyKey = tuple[tuple[str, ...], tuple[str, ...], frozenset[Access]]

_SEEN = frozenset({FieldRight.READ, FieldRight.EDIT})

WRITING = (Action.CREATE, Action.UPDATE, Action.DELETE)

_SYSTEM = Always(source=Source(origin=Origin.SYSTEM))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """Decisions and field rights of one combination of permission sets and sharing rules.

    `key` tells it from others: what depends on the policy is kept under it.
    """

    key: PolicyKey
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
        return self.fields.get(field, FieldRight.NONE) in _SEEN

    def masks(self, field: Field) -> bool:
        """Whether the field is shown in part, and nothing may be asked about it."""
        return self.fields.get(field) is FieldRight.MASKED

    def shows(self, path: FieldPath) -> bool:
        """Whether something of the path's value may be told: all of it, or a masked text of its own."""
        return self.sees(path) or (not path.links and not path.part and self.masks(path.field))

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


def policy_of(
    release: Release,
    sets: tuple[str, ...],
    sharing: tuple[str, ...] = (),
    deputy: frozenset[Access] = frozenset(),
) -> Policy:
    """The policy of somebody's permission sets and sharing rules, from the Release; see `policy`."""
    key = (sets, sharing, deputy)
    return release.statements.get(("policy", key), lambda: policy(release.catalog, *key))


def policy(
    catalog: Catalog,
    sets: Sequence[str],
    sharing: Sequence[str] = (),
    deputy: frozenset[Access] = frozenset(),
) -> Policy:
    """Add up permission sets; a name the Catalog does not know grants nothing.

    Args:
        catalog: the model.
        sets: the names of the permission sets.
        sharing: the names of the sharing rules that open records to her.
        deputy: how far she stands in for others; empty if she does for nobody.
    """
    system = SYSTEM_SET in sets
    grounds = grounds_of(catalog, sets, sharing, deputy)
    decisions = {
        (target.id, action): _SYSTEM if system else decided(grounds, target, action)
        for target in catalog.objects.values()
        for action in Action
    }
    fields = [field for target in catalog.objects.values() for field in target.fields.values()]
    return Policy(
        key=(tuple(sets), tuple(sharing), deputy),
        sets=tuple(sets),
        rights=frozenset[str]().union(*(s.rights for s in grounds.sets)),
        decisions=decisions | _closed(catalog),
        fields=_everything(fields) if system else field_rights(fields, grounds.sets),
    )


def grounds_of(
    catalog: Catalog,
    sets: Sequence[str],
    sharing: Sequence[str] = (),
    deputy: frozenset[Access] = frozenset(),
) -> Grounds:
    """What stands behind these sets and rules by their names; see `policy`."""
    return Grounds(
        sets=tuple(catalog.permission_sets[name] for name in sets if name in catalog.permission_sets),
        sharing=tuple(catalog.sharing_rules[name] for name in sharing if name in catalog.sharing_rules),
        restrictions=tuple(r for r in catalog.restriction_rules.values() if r.active and _binds(r, sets)),
        deputy=deputy,
    )


def field_rights(fields: Iterable[Field], sets: Sequence[PermissionSet]) -> dict[Field, FieldRight]:
    """What permission sets allow on each of some fields; with a formula field come those it is made of."""
    declared = {
        field: declared_right(field, [g for s in sets if (g := s.grants.get(field.object.name))])
        for field in fields
    }
    seen: dict[Field, bool] = {}
    return {
        # What a layer hides nobody sees by itself; what is computed of it stays as visible as it was.
        field: FieldRight.NONE if field.hidden else _right(field, declared, seen)
        for field in declared
    }


def _everything(fields: Iterable[Field]) -> dict[Field, FieldRight]:
    return {field: FieldRight.READ if field.sort.computed else FieldRight.EDIT for field in fields}


def _binds(rule: RestrictionRule, sets: Sequence[str]) -> bool:
    bound = not rule.sets or not rule.sets.isdisjoint(sets)
    return bound and rule.exempt.isdisjoint(sets)


def _closed(catalog: Catalog) -> dict[tuple[str, Action], Decision]:
    """Nobody writes what is the answer to a query."""
    return {
        (target.id, each): Never(reason=said("{object} is the answer to a query", object=target.name))
        for target in catalog.objects.values()
        if target.query
        for each in WRITING
    }


def declared_right(field: Field, grants: Sequence[Grant]) -> FieldRight:
    """The widest right that grants on its object give on a field, whatever it is made of."""
    rights = {_granted(field, grant) for grant in grants}
    for right in (FieldRight.EDIT, FieldRight.READ, FieldRight.MASKED):
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


def _right(field: Field, declared: dict[Field, FieldRight], seen: dict[Field, bool]) -> FieldRight:
    """What is declared; less for what cannot be masked, and for what is made of what is not seen."""
    right = declared[field]
    if right is FieldRight.MASKED:
        return right if field.sort.maskable else FieldRight.NONE
    if not field.sort.computed or right is FieldRight.NONE:
        return right
    return FieldRight.READ if _all_seen(field, declared, seen) else FieldRight.NONE


def _all_seen(field: Field, declared: dict[Field, FieldRight], seen: dict[Field, bool]) -> bool:
    """Walk what a formula field is made of, each of them once; the compiler has refused cycles."""
    if field not in seen:
        seen[field] = declared.get(field, FieldRight.NONE) in _SEEN and all(
            _all_seen(part, declared, seen) for part in made_of(field)
        )
    return seen[field]


def made_of(field: Field) -> Iterator[Field]:
    """The fields that a formula field names, with the links to them; none of another kind of field.

    A roll-up is made of nothing here: it tells a figure of records, and its own right says who reads that.
    """
    formula = expression(field)
    for reference in references(formula.expr) if formula else ():
        if isinstance(path := reference.key, FieldPath):
            yield from (*path.links, path.field)
