"""What depends on a record's own values: conditions of its fields, the moves of a picklist, its record type.

Types of the Catalog only; `metadata.bodies` and `metadata.record_types` make them, the save enforces them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from metadata.catalog import Field, Option
    from metadata.label import Label
    from metadata.presentation import Layout

RECORD_TYPE = "record_type"
"""The field that the compiler gives to every object with record types."""

ENTERED = "_entered_at"
"""Ends the name of the field that the compiler adds to a picklist with a process: since when it is so."""

STAGE_HISTORY = "stage_history"
"""The platform's object whose records tell how long each record was in each stage."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conditions:
    """When a field can be seen, must be filled, cannot be changed; None: always, never, never.

    Formulas over the record as it is to be saved; they may look at $user and $old.
    """

    visible: Formula | None = None
    required: Formula | None = None
    read_only: Formula | None = None


NO_CONDITIONS = Conditions()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move:
    """A picklist may become `to` only coming from `sources` (None: from anywhere), with `require` filled,
    while `when` is true of the record as it is to be saved, by who holds a permission set of `by` (none:
    anybody). `message` says why not, where `when` is false.
    """

    to: Option
    sources: tuple[Option, ...] | None
    require: tuple[Field, ...]
    when: Formula | None = None
    message: Label | None = None
    by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Process:
    """The allowed moves of one picklist, by the code moved to; a code without an entry is free.

    `amount` is what the history of its stages tells beside them.
    """

    field: Field
    moves: Mapping[str, Move]
    amount: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RecordType:
    """One kind of record of an object, such as the call among activities.

    `name` is what the field `record_type` holds, for ever. `options` narrows picklists, by field name, to
    codes; a picklist that is not named keeps all of its options. `layout` is the object's where the
    document gives none, and so is each of `processes`, by the name of the picklist. Without `active` it
    serves old records only.
    """

    id: str
    name: str
    label: Label
    icon: str
    default: bool
    active: bool
    options: Mapping[str, frozenset[str]]
    layout: Layout
    processes: Mapping[str, Process]

    def __repr__(self) -> str:
        return f"<RecordType {self.name}>"
