"""One row of criteria: which operators a type has, which values they take, and the row as a formula text.

"Is not" and its like include blank, as people mean it. Several values mean any of them, or none where the
operator says no. A day, or a stretch of days, stands for all of its instants. `criteria` joins rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from formula.expr import Literal
from formula.period import Period
from formula.printer import show
from formula.scope import Need
from formula.types import BOOLEAN, DATE, DATETIME, NUMBER, TEXT, TIME, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from formula.scope import Context
    from formula.types import Type


class Operator(StrEnum):
    """How a row compares its field with its values; `equal` with several values asks for any of them."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    LESS = "less"
    AT_MOST = "at_most"
    MORE = "more"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    CONTAINS = "contains"
    LACKS = "lacks"
    BEGINS = "begins"
    INCLUDES = "includes"
    EXCLUDES = "excludes"
    BLANK = "blank"
    NOT_BLANK = "not_blank"
    CHANGED = "changed"


class Word(Enum):
    """Values that depend on who asks."""

    ME = "me"


Operand = str | Decimal | bool | date | datetime | time | Period | Word
"""What a row compares with. An Id is its text, an option its code."""

EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL, Operator.BLANK, Operator.NOT_BLANK)
ORDERED = (
    *EQUALITY,
    Operator.LESS,
    Operator.AT_MOST,
    Operator.MORE,
    Operator.AT_LEAST,
    Operator.BETWEEN,
)
TEXTUAL = (*EQUALITY, Operator.CONTAINS, Operator.LACKS, Operator.BEGINS)
LISTED = (Operator.INCLUDES, Operator.EXCLUDES, Operator.BLANK, Operator.NOT_BLANK)
_OFFERED: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: TEXTUAL,
    Kind.ID: EQUALITY,
    Kind.NUMBER: ORDERED,
    Kind.BOOLEAN: EQUALITY[:2],
    Kind.DATE: ORDERED,
    Kind.DATETIME: ORDERED,
    Kind.TIME: ORDERED,
    Kind.PICKLIST: EQUALITY,
    Kind.MULTIPICKLIST: LISTED,
}
ALONE = frozenset({Operator.BLANK, Operator.NOT_BLANK, Operator.CHANGED})
"""Operators without a value."""
DENIALS = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LACKS: Operator.CONTAINS,
    Operator.EXCLUDES: Operator.INCLUDES,
}
"""Operators that say no, with what they deny."""
SYMBOLS = {
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "<>",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.MORE: ">",
    Operator.AT_LEAST: ">=",
}
FUNCTIONS = {Operator.CONTAINS: "CONTAINS", Operator.BEGINS: "BEGINS", Operator.INCLUDES: "INCLUDES"}
BLANKABLE = frozenset({Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.ID})
"""Kinds whose comparison with a blank is null, so that "is not" has to ask for blank besides."""
_LITERALS = (
    (bool, BOOLEAN),
    (Decimal, NUMBER),
    (str, TEXT),
    (datetime, DATETIME),
    (date, DATE),
    (time, TIME),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Parts of a condition joined by AND or OR; never directly inside its own kind."""

    word: str
    parts: tuple[Part, ...]


Part = str | Joined


def operators(type_: Type) -> tuple[Operator, ...]:
    """The operators for a field of this type, wherever it stands."""
    return _OFFERED.get(type_.kind, ())


def offered(type_: Type, context: Context) -> tuple[Operator, ...]:
    """The operators for a field of this type in this place: `changed` only where there is a before."""
    known = operators(type_)
    return (*known, Operator.CHANGED) if known and Need.BEFORE in context.serves else known


def write(field: str, kind: Kind, operator: Operator, values: tuple[Operand, ...]) -> Part:
    """A row as a part of a formula text; the values fit the kind, and there are as many as it takes."""
    match operator:
        case Operator.BLANK:
            return f"ISBLANK({field})"
        case Operator.NOT_BLANK:
            return f"NOT(ISBLANK({field}))"
        case Operator.CHANGED:
            return f"ISCHANGED({field})"
        case Operator.BETWEEN:
            low, high = values
            bounds = (
                _compared(field, kind, Operator.AT_LEAST, low),
                _compared(field, kind, Operator.AT_MOST, high),
            )
            return join("AND", bounds)
        case Operator.NOT_EQUAL if kind in BLANKABLE:
            other = join("AND", [_compared(field, kind, operator, value) for value in values])
            return join("OR", (f"ISBLANK({field})", other))
        case _:
            word = "AND" if operator in DENIALS else "OR"
            return join(word, [_compared(field, kind, operator, value) for value in values])


def join(word: str, parts: Iterable[Part]) -> Part:
    """Parts joined by AND or OR, those joined so already taken apart."""
    flat: list[Part] = []
    for part in parts:
        flat += part.parts if isinstance(part, Joined) and part.word == word else [part]
    return flat[0] if len(flat) == 1 else Joined(word=word, parts=tuple(flat))


def text(part: Part) -> str:
    """The formula text of a part."""
    if isinstance(part, str):
        return part
    return f"{part.word}({', '.join(text(each) for each in part.parts)})" if part.parts else "true"


def literal(value: Operand) -> str:
    """A plain value as the language writes it; instants in UTC."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    type_ = next(type_ for class_, type_ in _LITERALS if isinstance(value, class_))
    assert not isinstance(value, Period | Word)
    return show(Literal(value=value, type=type_))


def _compared(field: str, kind: Kind, operator: Operator, value: Operand) -> Part:
    if operator in DENIALS and operator is not Operator.NOT_EQUAL:
        return f"NOT({_compared(field, kind, DENIALS[operator], value)})"
    if operator in FUNCTIONS:
        return f"{FUNCTIONS[operator]}({field}, {_written(value)})"
    if isinstance(value, bool):
        return field if value is (operator is Operator.EQUAL) else f"NOT({field})"
    first, end = (value.first, value.end) if isinstance(value, Period) else (_written(value), "")
    by_day = isinstance(value, Period) or (isinstance(value, date) and not isinstance(value, datetime))
    name = f"DATEVALUE({field})" if kind is Kind.DATETIME and by_day else field
    return _spanned(name, operator, first, end) if end else f"{name} {SYMBOLS[operator]} {first}"


def _spanned(name: str, operator: Operator, first: str, end: str) -> Part:
    match operator:
        case Operator.EQUAL:
            return Joined(word="AND", parts=(f"{name} >= {first}", f"{name} < {end}"))
        case Operator.NOT_EQUAL:
            return Joined(word="OR", parts=(f"{name} < {first}", f"{name} >= {end}"))
        case Operator.LESS:
            return f"{name} < {first}"
        case Operator.AT_MOST:
            return f"{name} < {end}"
        case Operator.MORE:
            return f"{name} >= {end}"
        case _:
            return f"{name} >= {first}"


def _written(value: Operand) -> str:
    return "$user.id" if value is Word.ME else literal(value)
