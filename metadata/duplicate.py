"""What an object says about records that may be the same thing: its rules against duplicates.

Types only; `metadata.duplicates` makes them, `engine/matching` acts on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from metadata.catalog import Field, ObjectType
    from metadata.label import Label

How: TypeAlias = Literal["exact", "normalised", "fuzzy", "phonetic", "pinyin"]
HOWS: tuple[How, ...] = ("exact", "normalised", "fuzzy", "phonetic", "pinyin")

Action: TypeAlias = Literal["warn", "block"]
Unseen: TypeAlias = Literal["tell", "ignore"]

ALIKE = 88
"""Percent of likeness that is asked where a document does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One field that must agree, by its name on the rule's own object.

    `at_least` is the likeness asked of a fuzzy comparison, in percent; 100 of all others.
    """

    name: str
    how: How
    at_least: int = 100


Criteria: TypeAlias = tuple[Compared, ...]
"""All of these must agree."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """An object whose records are compared: which of its fields stand for each name of the criteria."""

    object: ObjectType
    fields: Mapping[str, tuple[Field, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DuplicateRule:
    """Records are taken for the same where one of `match` holds.

    `sides` are the objects looked through, the rule's own first. `when` says for which records the rule asks
    when they are saved. `unseen` says what a writer is told of a match that she may not see.
    """

    id: str
    name: str
    label: Label
    match: tuple[Criteria, ...]
    sides: tuple[Side, ...]
    action: Action = "warn"
    unseen: Unseen = "tell"
    when: Formula | None = None
    active: bool = True

    def __repr__(self) -> str:
        return f"<DuplicateRule {self.name}>"

    @property
    def own(self) -> Side:
        """The side of the object that the rule belongs to."""
        return self.sides[0]
