"""What a permission set allows: on objects, on whose records, on fields. Types of the Catalog only.

Deciding with them is the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.label import Label


class Scope(StrEnum):
    """Whose records a grant reaches. Own records are in every scope but `none`."""

    NONE = "none"
    OWN = "own"
    BELOW = "below"
    """Own, and those of people below me."""
    DEPARTMENT = "department"
    DEPARTMENTS = "departments"
    """My department and all below it."""
    ALL = "all"


class FieldRight(StrEnum):
    """What a grant allows on one field."""

    NONE = "none"
    READ = "read"
    EDIT = "edit"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grant:
    """What a permission set allows on one object. `fields` lists the exceptions from `field_default`."""

    create: bool
    read: Scope
    update: Scope
    delete: Scope
    fields: Mapping[str, FieldRight]
    field_default: FieldRight

    def right(self, field: str) -> FieldRight:
        """The right on the field with this name."""
        return self.fields.get(field, self.field_default)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PermissionSet:
    """Grants by object name, already expanded for every object that `"*"` covers; and rights of their own."""

    id: str
    name: str
    label: Label
    grants: Mapping[str, Grant]
    rights: frozenset[str]
