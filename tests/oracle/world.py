"""A company as plain data: who works where, what was granted to whom, which records there are.

Made by `generate.py`, judged by `judge.py`, written into a tenant by `company.py`. Nothing in here knows the
engine. People, departments, groups and records go by words; a record's word is its object and a number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.shape import Value

ACTIONS = ("read", "update", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Where somebody stands now. `hired_in` is the department at the time when the records were made."""

    name: str
    hired_in: str | None
    department: str | None
    manager: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one permission set says of one object.

    `reach` lists, by action, the scopes that it opens, and the numbers of conditions in `shape.WHERES`.
    `fields` are the rights by field name, "*" for the others; without it all may be edited.
    """

    create: bool
    reach: Mapping[str, tuple[str | int, ...]]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The people of a group, or of a department; `below` takes in the departments that belong to it."""

    group: str | None = None
    department: str | None = None
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRule:
    """Opens records of an object – those for which a condition holds, or of certain owners – to people."""

    name: str
    object: str
    to: tuple[Audience, ...]
    access: str
    where: int | None
    owners: Audience | None
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionRule:
    """Leaves only the records for which a condition holds, to those with one of `sets` and none of `exempt`.

    Without `sets` it binds everybody.
    """

    name: str
    object: str
    where: int
    sets: tuple[str, ...]
    exempt: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Opens one record – of a pool: the records that wait in it – to a user, a group or a department.

    `kind` is team, pool or share; `until` is the last day, counted from today.
    """

    kind: str
    record: str
    user: str | None = None
    group: str | None = None
    department: str | None = None
    access: str = "edit"
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """Somebody stands in for somebody else between two days, counted from today."""

    absent: str
    deputy: str
    first: int
    last: int
    access: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record: of `object`, with the department that it was given, in the recycle bin or not.

    `values` holds the fields that are stored; a link holds the word of the record that it leads to.
    """

    name: str
    id: str
    object: str
    owner: str | None
    department: str | None
    binned: bool
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All of it. `departments` lead upward: to the department they belong to."""

    departments: Mapping[str, str | None]
    people: Mapping[str, Person]
    members: Mapping[str, tuple[str, ...]]
    """The people of each group."""
    inner: Mapping[str, tuple[str, ...]]
    """The groups within each group."""
    sets: Mapping[str, Mapping[str, Grant]]
    rights: Mapping[str, tuple[str, ...]]
    """Rights that belong to no object, by permission set."""
    of_people: Mapping[str, tuple[str, ...]]
    """The permission sets of each person."""
    of_groups: Mapping[str, tuple[str, ...]]
    sharing: tuple[SharingRule, ...]
    restrictions: tuple[RestrictionRule, ...]
    openings: tuple[Opening, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    rows: Mapping[str, Row] = field(default_factory=dict)

    def rows_of(self, object_: str) -> tuple[Row, ...]:
        """The records of an object, those in the bin too."""
        return tuple(row for row in self.rows.values() if row.object == object_)
