"""The types of the formula language. Static, few, and without implicit conversion.

How a field stores its value is not said here; `precision` and `scale` only bound a Number so that a
back-end may choose native arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


class Kind(StrEnum):
    """What a value is; the member's value is its name in messages."""

    TEXT = "Text"
    ID = "Id"
    NUMBER = "Number"
    BOOLEAN = "Boolean"
    DATE = "Date"
    DATETIME = "DateTime"
    TIME = "Time"
    PICKLIST = "Picklist"
    MULTIPICKLIST = "MultiPicklist"
    NULL = "Null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A kind, and what is known beyond it.

    `options`: option codes of a picklist; empty means not known, and is not checked.
    `element`: what a list (MultiPicklist) holds; None means texts.
    `precision`, `scale`: a Number has at most `precision` digits, `scale` of them behind the point;
    None means not bounded. `target`: the object an Id refers to, when known. `location`: a Text that says a
    place. `money`: of an amount, the name that says its currency, `account.currency` (see `formula.money`).
    """

    kind: Kind
    options: tuple[str, ...] = ()
    precision: int | None = None
    scale: int | None = None
    target: str = ""
    element: Type | None = None
    location: bool = False
    money: str = ""

    def __str__(self) -> str:
        return self.kind.value


TEXT = Type(kind=Kind.TEXT)
ID = Type(kind=Kind.ID)
NUMBER = Type(kind=Kind.NUMBER)
BOOLEAN = Type(kind=Kind.BOOLEAN)
DATE = Type(kind=Kind.DATE)
DATETIME = Type(kind=Kind.DATETIME)
TIME = Type(kind=Kind.TIME)
PICKLIST = Type(kind=Kind.PICKLIST)
MULTIPICKLIST = Type(kind=Kind.MULTIPICKLIST)
NULL = Type(kind=Kind.NULL)
LOCATION = Type(kind=Kind.TEXT, location=True)
"""A place on the map as its line of text, behind which stand its latitude and longitude."""

Kinds = tuple[Kind, ...]
PLAIN: Kinds = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.ID)
"""What can be blank and is no picklist."""
ELEMENTS: Kinds = (*PLAIN, Kind.PICKLIST)
"""What may be asked for in a list."""
ANY: Kinds = tuple(Kind)

MAX_PRECISION = 38


def number(precision: int, scale: int) -> Type:
    """A Number of at most `precision` digits, `scale` behind the point; unbounded if beyond 38 digits."""
    if precision > MAX_PRECISION:
        return NUMBER
    return Type(kind=Kind.NUMBER, precision=precision, scale=scale)


def number_of(value: Decimal) -> Type:
    """The bounds of one known number."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    scale = max(0, -exponent)
    return number(max(len(digits) + max(0, exponent), scale), scale)


def plain(type_: Type) -> Type:
    """The type without what is known beyond its kind."""
    return Type(kind=type_.kind)


def sum_type(left: Type, right: Type) -> Type:
    """The bounds of `left + right` and `left - right`."""
    if left.precision is None or left.scale is None or right.precision is None or right.scale is None:
        return NUMBER
    scale = max(left.scale, right.scale)
    whole = max(left.precision - left.scale, right.precision - right.scale)
    return number(whole + 1 + scale, scale)


def product_type(left: Type, right: Type) -> Type:
    """The bounds of `left * right`."""
    if left.precision is None or left.scale is None or right.precision is None or right.scale is None:
        return NUMBER
    return number(left.precision + right.precision, left.scale + right.scale)


def join(left: Type, right: Type) -> Type:
    """The bounds of a value which is one or the other; both of one kind."""
    if left == right:
        return left
    if left.kind is not Kind.NUMBER or left.precision is None or right.precision is None:
        return plain(left)
    left_scale, right_scale = left.scale or 0, right.scale or 0
    scale = max(left_scale, right_scale)
    return number(max(left.precision - left_scale, right.precision - right_scale) + scale, scale)
