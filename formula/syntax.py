"""The untyped tree of a text: what was written, before any name is resolved.

The parser makes it, the checker consumes it; nobody else looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from formula.source import Span


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name as it was written."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: a text (perhaps empty), a number, a boolean or null."""

    value: str | Decimal | bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class Apply:
    """A function or operator with its arguments; `at` is where its name or symbol stands."""

    name: str
    at: Span
    arguments: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Missing:
    """A gap that has been reported already; it takes part in no further complaint."""

    span: Span


Node = Name | Constant | Apply | Missing

NEGATIVE = "unary -"
POSITIVE = "unary +"
JUXTAPOSED = ""
"""The operator the parser puts between two values that stand side by side, once it has reported that."""

# Loosest first; `^` alone groups from the right. Salesforce lets `^` bind looser than `*`: we follow
# mathematics.
_LEVELS: tuple[tuple[str, ...], ...] = (
    (JUXTAPOSED,),
    ("||",),
    ("&&",),
    ("=", "==", "<>", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-", "&"),
    ("*", "/"),
    ("^",),
)
PRECEDENCE = {symbol: level for level, symbols in enumerate(_LEVELS) for symbol in symbols}
RIGHT = frozenset({"^"})


def group(operands: Sequence[Node], operators: Sequence[tuple[str, Span]]) -> Node:
    """Turn `a + b * c`, as one operand more than operators, into a tree by precedence."""
    values = [operands[0]]
    waiting: list[tuple[str, Span]] = []
    for operator, operand in zip(operators, operands[1:], strict=True):
        while waiting and _binds_first(waiting[-1][0], operator[0]):
            _apply(values, *waiting.pop())
        waiting.append(operator)
        values.append(operand)
    while waiting:
        _apply(values, *waiting.pop())
    return values[0]


def _binds_first(left: str, right: str) -> bool:
    if PRECEDENCE[left] == PRECEDENCE[right]:
        return left not in RIGHT
    return PRECEDENCE[left] > PRECEDENCE[right]


def _apply(values: list[Node], symbol: str, at: Span) -> None:
    right = values.pop()
    left = values.pop()
    values.append(Apply(symbol, at, (left, right), left.span.to(right.span)))
