"""What an object demands of its records – validation rules – and which fields are looked up together.

Types of the Catalog only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formula.expr import Formula
    from metadata.catalog import Field, ObjectType
    from metadata.label import Label


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Rule:
    """A save is refused with `message`, shown `at` a field, while `when` is true."""

    id: str
    name: str
    when: Formula
    message: Label
    at: Field | None
    active: bool = True

    def __repr__(self) -> str:
        return f"<Rule {self.name}>"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Invariant:
    """What must hold of a record whenever it is stored, whoever changed what it follows from.

    A save after which `holds` is false is refused with `message`, shown `at` a field; `when` says of which
    records it must hold. What is blank breaks nothing.
    """

    id: str
    name: str
    holds: Formula
    when: Formula | None
    message: Label
    at: Field | None
    active: bool = True

    def __repr__(self) -> str:
        return f"<Invariant {self.name}>"


def invariants(target: ObjectType) -> tuple[Invariant, ...]:
    """The active invariants of an object, in the order of the documents."""
    return tuple(each for each in target.late["body"].invariants if each.active)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Index:
    """Fields that are filtered and sorted together, or must differ together. `id` is made of their ids."""

    id: str
    fields: tuple[Field, ...]
    unique: bool = False
