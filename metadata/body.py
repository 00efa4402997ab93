"""What an object has beside its name, fields and views: made when all fields of all objects exist.

A type of the Catalog; `metadata.catalog` answers what it holds as properties of the object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from metadata.catalog import Field
    from metadata.derivation import Derivation
    from metadata.duplicate import DuplicateRule
    from metadata.permission import Membership
    from metadata.presentation import Layout
    from metadata.projection import Projection
    from metadata.record_type import Conditions, Process, RecordType
    from metadata.rule import Index, Invariant, Rule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """What an object has beside fields and views; made when all fields of all objects exist."""

    title: Field | None
    formulas: Mapping[str, Formula]
    defaults: Mapping[str, object]
    rules: tuple[Rule, ...]
    indexes: tuple[Index, ...]
    layout: Layout
    processes: Mapping[str, Process]
    duplicates: tuple[DuplicateRule, ...] = ()
    conditions: Mapping[str, Conditions] = field(default_factory=dict)
    controllers: Mapping[str, Field] = field(default_factory=dict)
    record_types: Mapping[str, RecordType] = field(default_factory=dict)
    tree: Field | None = None
    query: Projection | None = None
    memberships: tuple[Membership, ...] = ()
    rate_date: Field | None = None
    follows: Field | None = None
    derivations: Mapping[str, Derivation] = field(default_factory=dict)
    invariants: tuple[Invariant, ...] = ()
