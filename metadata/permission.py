"""What permission sets, sharing rules and restriction rules say. Types of the Catalog only.

A permission set allows: on objects, on whose records, on fields. A sharing rule opens further records to
those whom their permission sets let into the object at all; a restriction rule takes records away. Deciding
with them is the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from metadata.catalog import Field, ObjectType
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
    TEAM = "team"
    """Own, and those in whose team I am; see `Membership`."""
    ALL = "all"


class FieldRight(StrEnum):
    """What a grant allows on one field."""

    NONE = "none"
    MASKED = "masked"
    """To recognise a value by a part of it, and neither to ask about it nor to change it."""
    READ = "read"
    EDIT = "edit"


class Access(StrEnum):
    """How far what is shared is opened; to edit is to read as well."""

    READ = "read"
    EDIT = "edit"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """Which records: those within any of `scopes`, and those for which any formula of `where` is true."""

    scopes: tuple[Scope, ...] = ()
    where: tuple[Formula, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.scopes or self.where)


NOWHERE = Reach()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grant:
    """What a permission set allows on one object. `fields` lists the exceptions from `field_default`."""

    create: bool
    read: Reach
    update: Reach
    delete: Reach
    fields: Mapping[str, FieldRight]
    field_default: FieldRight

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """Where the grant reaches, for each of the actions on records that are there."""
        return self.read, self.update, self.delete

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Some of the company's people, named by the `code` of a group or of a department.

    `below` takes in the departments below it. Groups within the group always count.
    """

    group: str | None = None
    department: str | None = None
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharingRule:
    """Opens records of `object` to the people of `to`: those that fulfil `where`, or that `owners` own.

    Exactly one of `where` and `owners` is given.
    """

    id: str
    name: str
    label: Label
    object: ObjectType
    to: tuple[Audience, ...]
    access: Access
    where: Formula | None = None
    owners: Audience | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestrictionRule:
    """Leaves of `object` only the records for which `where` is true, own ones included.

    It binds those who have one of `sets` (everybody, where that is empty) and none of `exempt`.
    """

    id: str
    name: str
    label: Label
    object: ObjectType
    where: Formula
    sets: frozenset[str]
    exempt: frozenset[str]
    active: bool = True


class MembershipKind(StrEnum):
    """What somebody is a member of."""

    TEAM = "team"
    POOL = "pool"
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Membership:
    """The records of `members` say who else may come at records of an object, and how far.

    A row of `members` stands for a `user`, a `group` or a `department` (one of these links at least is
    there). Its link `record` names the record it opens; where `through` is given, a field of the object
    itself, it names what that field points at (the pool), and only records without an owner are opened.
    `access` is a picklist with the codes `read` and `edit`; without it everything is opened to edit. From the
    day after `until` on the row is void. `role` says what somebody is in a team.
    """

    kind: MembershipKind
    members: ObjectType
    record: Field
    user: Field | None = None
    group: Field | None = None
    department: Field | None = None
    role: Field | None = None
    access: Field | None = None
    until: Field | None = None
    through: Field | None = None
