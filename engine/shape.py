"""A condition apart from its constants: what a plan depends on, and the parameters that fill it.

`stage = "won"` and `stage = "lost"` have one shape, and so one compiled statement. Lifted are the constants
that a comparison or CONTAINS sets beside something else, where they change nothing in the SQL but a
parameter. What does change it stays: null and the truth values, the two bounds of BEGINS, a number with more
decimals than the field beside it, numbers within arithmetic. Used by the planner, the aggregates and readers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from formula.expr import Call, Literal, Reference, Value, fold
from formula.sql import supply
from formula.sql.term import LARGEST
from formula.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.release import Release
    from formula.expr import Expr

COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">=", "ISPICKVAL", "CONTAINS", "INCLUDES"})
"""Functions of two arguments whose constant is one parameter, whatever it is."""

_EXAMPLES: Mapping[Kind, Value] = {
    Kind.TEXT: "x",
    Kind.PICKLIST: "x",
    Kind.MULTIPICKLIST: "x",
    Kind.ID: "00000000-0000-0000-0000-000000000000",
    Kind.NUMBER: Decimal(1),
    Kind.DATE: date.min,
    Kind.DATETIME: datetime.min.replace(tzinfo=UTC),
    Kind.TIME: time.min,
}
"""What stands in a slot; the same for all constants, so that shapes compare equal."""

Constants = list[tuple[Value, Type]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """The shape: an expression with slots. One object per Release and shape, so that it is cheap as a key."""

    expr: Expr


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """A condition taken apart: `params` fill the slots, `told` tells conditions of one form apart."""

    form: Form
    params: Mapping[str, object]
    told: str


def shape_of(release: Release, where: Expr | None, slots: str = "slot") -> Shape | None:
    """The shape of a condition, remembered for as long as this very object is asked about.

    `slots` begins the names of its parameters; conditions that stand in one statement differ in it.
    """
    if where is None:
        return None
    # The entry holds the expression, so that its id cannot become that of another one.
    known, shape = release.conditions.get(
        ("shape", id(where), slots), lambda: (where, _taken_apart(release, where, slots))
    )
    return shape if known is where else _taken_apart(release, where, slots)


def filled(release: Release, where: Expr | None) -> Mapping[str, object]:
    """The parameters of a condition's constants."""
    shape = shape_of(release, where)
    return {} if shape is None else shape.params


def lift(expr: Expr, slots: str = "slot") -> tuple[Expr, Constants]:
    """The expression with slots `slot_0`, `slot_1`…, and the constants they stand for."""
    constants: Constants = []

    def slot(literal: Literal, type_: Type) -> Literal:
        constants.append((literal.value, type_))
        return Literal(value=_EXAMPLES[type_.kind], type=type_, slot=f"{slots}_{len(constants) - 1}")

    def leave(node: Expr, parts: tuple[Expr, ...]) -> Expr:
        if not isinstance(node, Call) or not parts:
            return node
        if node.function.name in COMPARISONS:
            first, second = parts
            if isinstance(second, Literal) and (type_ := _lifted(second, first)):
                return replace(node, arguments=(first, slot(second, type_)))
            if isinstance(first, Literal) and (type_ := _lifted(first, second)):
                return replace(node, arguments=(slot(first, type_), second))
        return node if parts == node.arguments else replace(node, arguments=parts)

    return fold(expr, leave), constants


def _lifted(literal: Literal, beside: Expr) -> Type | None:
    """The type of the slot that a constant may become; None: the SQL depends on its value."""
    match literal.value:
        case None | bool():
            return None
        case Decimal() as number:
            return _number(number, beside)
        case _:
            return None if isinstance(beside, Literal) else literal.type


def _number(number: Decimal, beside: Expr) -> Type | None:
    """A number becomes one with the decimals of the field it is compared with, if it has no more."""
    scale = (beside.type.element or beside.type).scale if isinstance(beside, Reference) else None
    if scale is None:
        return None
    scaled = number.scaleb(scale)
    if scaled != scaled.to_integral_value() or abs(scaled) > LARGEST:
        return None
    return Type(kind=Kind.NUMBER, scale=scale)


def _taken_apart(release: Release, where: Expr, slots: str) -> Shape:
    expr, constants = lift(where, slots)
    form = release.statements.get(("form", expr), lambda: Form(expr=expr))
    backend = release.dialect.backend
    return Shape(
        form=form,
        params={f"{slots}_{n}": supply(value, type_, backend) for n, (value, type_) in enumerate(constants)},
        told=repr([value for value, _ in constants]),
    )
