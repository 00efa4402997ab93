"""A question about somebody's access, and its verdict: the record, what she wants to do, what she has.

What she has may be supposed: `lever.py` asks again with one grant more or less. The verdict comes from the
Decision that enforcement makes, read with what the database said of the record (`truth.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.access import Action, Never
from engine.explanation.truth import decision, needed
from engine.policy import declared_right, field_rights, grounds_of, made_of
from engine.save.sheet import sheet
from metadata.catalog import FieldRight
from metadata.derivation import expression

if TYPE_CHECKING:
    from engine.access import Decision
    from engine.actor import Actor
    from engine.explanation.truth import Truth
    from engine.grounds import Grounds
    from engine.release import Release
    from metadata.catalog import Field, ObjectType, PermissionSet
    from metadata.permission import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question about somebody: what she has, what is true of the record, what she wants to do.

    Without a `truth` it is about the object, whatever the record.
    """

    release: Release
    target: ObjectType
    action: Action
    field: Field | None
    sets: tuple[str, ...]
    sharing: tuple[str, ...]
    deputy: frozenset[Access]
    lifted: frozenset[str] = frozenset()
    truth: Truth | None = None

    @property
    def grounds(self) -> Grounds:
        """What stands behind her, without the restrictions that are lifted."""
        found = grounds_of(self.release.catalog, self.sets, self.sharing, self.deputy)
        kept = tuple(rule for rule in found.restrictions if rule.name not in self.lifted)
        return replace(found, restrictions=kept)

    @property
    def allowed(self) -> bool:
        """The verdict."""
        return self.opened and self.field_open

    @property
    def opened(self) -> bool:
        """The verdict on the record, whatever the field."""
        if self.truth is not None and self.truth.deleted:
            return False
        return all(self._opens(each) for each in needed(self.action))

    def _opens(self, action: Action) -> bool:
        found = self.decision(action)
        return self.truth.allows(found) if self.truth else not isinstance(found, Never)

    def decision(self, action: Action) -> Decision:
        """What decides on the records."""
        return decision(self.grounds, self.target, action)

    @property
    def field_open(self) -> bool:
        """The verdict on the field: seen, and where it is to be written, written."""
        return self.field is None or self.right in _ENOUGH[self.action is Action.READ]

    @property
    def right(self) -> FieldRight:
        """What she may do with the field; what nobody writes is read at most."""
        assert self.field is not None
        found = field_rights(parts(self.field), self.grounds.sets)[self.field]
        if found is FieldRight.EDIT and self.field.name not in sheet(self.release, self.target).fields:
            return FieldRight.READ
        return found


_ENOUGH = {True: (FieldRight.READ, FieldRight.EDIT), False: (FieldRight.EDIT,)}


def case_of(release: Release, actor: Actor, target: ObjectType, action: Action, field: Field | None) -> Case:
    """The question about somebody as she stands."""
    return Case(
        release=release,
        target=target,
        action=action,
        field=field,
        sets=actor.permission_sets,
        sharing=actor.sharing_rules,
        deputy=actor.deputy,
    )


def giving(case: Case) -> tuple[tuple[PermissionSet, FieldRight], ...]:
    """The sets that say something of the field, with what each allows by itself."""
    assert case.field is not None
    found = [(each, _own_right(case.field, (each,))) for each in case.grounds.sets]
    return tuple((each, right) for each, right in found if right is not FieldRight.NONE)


def closing(case: Case) -> tuple[Field, ...]:
    """The parts that close a formula field by being hidden, where her sets would let her read it itself."""
    assert case.field is not None
    sets = case.grounds.sets
    if expression(case.field) is None or _own_right(case.field, sets) is FieldRight.NONE:
        return ()
    hidden = [part for part in parts(case.field) if _own_right(part, sets) is FieldRight.NONE]
    return tuple(sorted(hidden, key=lambda field: (field.object.name, field.name)))


def _own_right(field: Field, sets: tuple[PermissionSet, ...]) -> FieldRight:
    return declared_right(field, [grant for s in sets if (grant := s.grants.get(field.object.name))])


def parts(field: Field) -> set[Field]:
    """A field and all that it is made of, at any distance."""
    found, waiting = {field}, [field]
    while waiting:
        further = set(made_of(waiting.pop())) - found
        found |= further
        waiting += further
    return found
