"""The types of the formula language. Static, few, and without implicit conversion.

How a field stores its value is not said here; `precision` and `scale` only bound a Number so that a
back-end may choose native arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    `precision`, `scale`: a Number has at most `precision` digits, `scale` of them behind the point;
    None means not bounded. `target`: the object an Id refers to, when known.
    """

    kind: Kind
    options: tuple[str, ...] = ()
    precision: int | None = None
    scale: int | None = None
    target: str = ""

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

MAX_PRECISION = 38


def number(precision: int, scale: int) -> Type:
    """A Number of at most `precision` digits, `scale` behind the point; unbounded if beyond 38 digits."""
    if precision > MAX_PRECISION:
        return NUMBER
    return Type(kind=Kind.NUMBER, precision=precision, scale=scale)


def plain(type_: Type) -> Type:
    """The type without what is known beyond its kind."""
    return Type(kind=type_.kind)
