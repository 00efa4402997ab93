"""How the value of a stored computed field follows from other values: a roll-up, or a formula.

Types of the Catalog only; `metadata.rollups` and `metadata.formulas` make them, `engine/derived` computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from formula.expr import Formula, references
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Field

Function: TypeAlias = Literal["count", "sum", "avg", "min", "max", "first", "last", "list"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rollup:
    """A figure over the records whose `link` leads to the record at hand.

    `value`, `where` and `order` are read of those records. `value` is None where they are counted; `order`
    says which is the first and the last, those without one left out.
    """

    link: Field
    function: Function
    value: FieldPath | None = None
    where: Formula | None = None
    order: FieldPath | None = None
    distinct: bool = False


Derivation: TypeAlias = Rollup | Formula


def reads(derivation: Derivation) -> Iterator[FieldPath]:
    """The paths that a value follows from, of a roll-up from its records, of a formula from the record."""
    if isinstance(derivation, Rollup):
        yield from (path for path in (derivation.value, derivation.order) if path is not None)
    formula = derivation.where if isinstance(derivation, Rollup) else derivation
    yield from formula_paths(formula) if formula else ()


def expression(field: Field) -> Formula | None:
    """The formula of a computed field, whether the value is stored or not."""
    derivation = field.derivation
    return derivation if isinstance(derivation, Formula) else field.formula


def formula_paths(formula: Formula) -> Iterator[FieldPath]:
    """The paths that a formula names."""
    for reference in references(formula.expr):
        if isinstance(reference.key, FieldPath):
            yield reference.key
