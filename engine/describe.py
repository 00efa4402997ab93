"""An object as one actor may see it: which fields she may read or write, and what she may do with records.

Forms, lists and the API's description are made from it. An object closed to her does not exist for her.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import codes
from engine.access import Action, Never
from engine.problem import Problem
from engine.save.sheet import sheet
from metadata.catalog import FieldPath
from metadata.record_type import RECORD_TYPE

if TYPE_CHECKING:
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import Field, ObjectType, RecordType


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldView:
    """A field she may read; `editable` if she may also write it, `masked` if she is shown a part of it."""

    field: Field
    editable: bool
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObjectView:
    """`actions` are those that some grant of hers allows on at least some records.

    `record_types` are those that new records may be of; none where she may not read the field.
    """

    object: ObjectType
    fields: tuple[FieldView, ...]
    actions: frozenset[Action]
    record_types: tuple[RecordType, ...]


def describe(release: Release, policy: Policy, name: str) -> ObjectView:
    """The view of an object by name; raises `Problem` 404."""
    target = release.catalog.objects.get(name)
    actions = [a for a in Action if target and not isinstance(policy.decide(target, a), Never)]
    if target is None or not actions:
        raise Problem(
            codes.NOT_FOUND,
            f"There is no object {name!r} that you may see.",
            status=404,
            hint=codes.NOT_FOUND.mend,
        )
    writable = sheet(release, target).fields
    return ObjectView(
        object=target,
        fields=tuple(
            FieldView(
                field=field,
                editable=field.name in writable and policy.editable(field),
                masked=policy.masks(field),
            )
            for field in target.fields.values()
            if policy.shows(FieldPath(field=field)) and not field.retired
        ),
        actions=frozenset(actions),
        record_types=_record_types(policy, target),
    )


def _record_types(policy: Policy, target: ObjectType) -> tuple[RecordType, ...]:
    field = target.fields.get(RECORD_TYPE)
    if field is None or not policy.readable(field):
        return ()
    return tuple(each for each in target.record_types.values() if each.active)
