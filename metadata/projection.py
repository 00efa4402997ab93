"""Catalog types of an object that is the answer to a query: what it reads, and what its fields show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from metadata.catalog import FieldPath, ObjectType

Figure: TypeAlias = Literal["count", "sum", "avg", "min", "max"]
"""What is computed over the rows of a group; blanks are left out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """What a field shows: a formula over the source, or a figure over its values (or its rows) in a group."""

    value: Formula | None
    figure: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """One record for each record of `source` for which `where` holds; if `grouped`, for each group of them.

    `group` are the paths whose values make a group; none makes one of all. `shown` is keyed by field name.
    """

    source: ObjectType
    where: Formula | None
    grouped: bool
    group: tuple[FieldPath, ...]
    shown: Mapping[str, Shown]
