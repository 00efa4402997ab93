"""A condition about one field, tried everywhere: blank, at each constant it names, and between them.

Comparisons with constants cannot tell values apart that lie between the same two constants, so that a few
places stand for all values. `doubt` asks here whether conditions exclude each other or leave nothing out.
Places that no value can have (between two days that follow each other) only make the answer more careful.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula.expr import Call, Literal, Reference
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from formula.expr import Expr, Value

BLANK = -1
"""The place of a blank; the places of values count from 0, those of the constants are odd."""
_DEEPEST = 20
_SIGNS: Mapping[str, Callable[[int, int], bool]] = {
    "=": int.__eq__,
    "<>": int.__ne__,
    "<": int.__lt__,
    "<=": int.__le__,
    ">": int.__gt__,
    ">=": int.__ge__,
}
_TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_JOINING = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The field that conditions are about. `filled`: a default stands in place of a blank."""

    name: str
    kind: Kind
    filled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A condition with the field that alone decides it, and the constants it is compared with."""

    expr: Expr
    subject: Subject
    points: frozenset[Value]


def profile(expr: Expr) -> Profile | None:
    """The profile of a condition; None when it is about several fields, or asks in another way."""
    found = _about(expr, 0)
    return None if found is None else Profile(expr=expr, subject=found[0], points=frozenset(found[1]))


def places(profiles: Sequence[Profile]) -> tuple[tuple[int, ...], Mapping[Value, int]]:
    """The places to try for conditions about one subject, and where their constants stand among them."""
    subject = profiles[0].subject
    if subject.kind is Kind.BOOLEAN:
        return (1, 3), {False: 1, True: 3}
    points = sorted({point for each in profiles for point in each.points})  # type: ignore[type-var]
    known = {point: 2 * index + 1 for index, point in enumerate(points)}
    blank = () if subject.filled else (BLANK,)
    return (*blank, *range(2 * len(points) + 1)), known


def truth(expr: Expr, here: int, known: Mapping[Value, int]) -> bool | None:
    """What a condition with a profile is for a value at one place; None is null."""
    name, parts = _name(expr), _parts(expr)
    match name:
        case "NOT":
            inner = truth(parts[0], here, known)
            return None if inner is None else not inner
        case "AND":
            return all(truth(part, here, known) for part in parts)
        case "OR":
            return any(truth(part, here, known) for part in parts)
        case "ISBLANK":
            return here == BLANK
        case "ISPICKVAL":
            option = parts[1].value if isinstance(parts[1], Literal) else None
            return here == BLANK if option is None else here == known[option]
        case _ if name in _SIGNS:
            return _compared(name, parts, here, known)
        case _:
            return here == known[True]


def _compared(symbol: str, parts: Sequence[Expr], here: int, known: Mapping[Value, int]) -> bool | None:
    left, right = parts
    if isinstance(left, Literal):
        left, right, symbol = right, left, _TURNED[symbol]
    if here == BLANK and left.type.kind is not Kind.TEXT:
        return None
    assert isinstance(right, Literal)
    return _SIGNS[symbol](here, known[right.value])


def _about(expr: Expr, depth: int) -> tuple[Subject, tuple[Value, ...]] | None:
    """The subject and the constants of a condition."""
    name, parts = _name(expr), _parts(expr)
    if name in _JOINING:
        return _shared(parts, depth + 1) if depth < _DEEPEST else None
    if name in _SIGNS:
        left, right = reversed(parts) if isinstance(parts[0], Literal) else parts
        known = isinstance(right, Literal) and right.value is not None
        subject = _subject(left) if known else None
        return None if subject is None or not isinstance(right, Literal) else (subject, (right.value,))
    if name in ("ISBLANK", "ISPICKVAL"):
        subject = _subject(parts[0])
        values = (parts[1].value,) if name == "ISPICKVAL" and isinstance(parts[1], Literal) else ()
        return None if subject is None else (subject, tuple(value for value in values if value is not None))
    subject = _subject(expr) if expr.type.kind is Kind.BOOLEAN else None
    return None if subject is None else (subject, ())


def _shared(parts: Iterable[Expr], depth: int) -> tuple[Subject, tuple[Value, ...]] | None:
    found = [_about(part, depth) for part in parts]
    known = [each for each in found if each is not None]
    if len(known) < len(found) or len({subject for subject, _ in known}) != 1:
        return None
    return known[0][0], tuple(point for _, points in known for point in points)


def _subject(expr: Expr) -> Subject | None:
    filled = _name(expr) == "NULLVALUE" and isinstance(_parts(expr)[1], Literal)
    field = _parts(expr)[0] if filled else expr
    if not isinstance(field, Reference):
        return None
    return Subject(name=field.name, kind=field.type.kind, filled=filled)


def _name(expr: Expr) -> str:
    return expr.function.name if isinstance(expr, Call) else ""


def _parts(expr: Expr) -> tuple[Expr, ...]:
    return expr.arguments if isinstance(expr, Call) else ()
