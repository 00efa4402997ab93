"""The typed expression: what the checker makes and every back-end reads.

Three nodes and no more: operators are Calls too. If an Expr exists it is well typed, its names are
resolved and the blank rules are written out in it. Walk it with `fold`, never by recursion: a long
sum is deep.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from formula.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from formula.functions import Function
    from formula.issue import Issue
    from formula.scope import Context
    from formula.source import Source
    from formula.types import Type

Value = str | Decimal | bool | date | datetime | time | None
"""What a formula computes with; blank is None and text is never empty."""

NOWHERE = Span(0, 0)
INSIDE = ":"
"""Stands between a link that leads to the record at hand and a name that is read of the records behind it."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A constant; `value` is None for null and for the empty text.

    With a `slot` it stands for any constant of its type that is not null: in SQL it becomes the parameter of
    that name, which the execution supplies (`formula.sql.supply`), and `value` is only an example of one.
    """

    value: Value
    type: Type
    slot: str = ""
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A resolved name.

    `name` is canonical: dotted, lower case ("account.owner.name", "$user.id"). `key` belongs to
    the Scope that resolved it and means nothing here. `computed` says that the value is another
    formula's, so that it may be an error. `records`: it stands for related records, and is no value.
    """

    name: str
    type: Type
    key: Hashable = None
    computed: bool = False
    records: bool = False
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def written(self) -> str:
        """The name as it is written where it stands, within the arguments about related records, too."""
        return self.name.rpartition(INSIDE)[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function or operator applied to arguments which fit one of its signatures."""

    function: Function
    arguments: tuple[Expr, ...]
    type: Type
    span: Span = field(default=NOWHERE, compare=False)


Expr = Literal | Reference | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A checked text: its expression, where it came from, where it may run, and warnings."""

    expr: Expr
    source: Source
    context: Context
    blanks: str = "as_blank"
    warnings: tuple[Issue, ...] = ()

    @property
    def type(self) -> Type:
        """The type of the formula's value."""
        return self.expr.type

    @property
    def refs(self) -> tuple[Reference, ...]:
        """What the formula depends on, each name once, in order of appearance."""
        return references(self.expr)


def of_related(arguments: tuple[Expr, ...]) -> bool:
    """Whether the first argument of a call is a link to related records."""
    first = arguments[0] if arguments else None
    return isinstance(first, Reference) and first.records


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of an expression."""
    return expr.arguments if isinstance(expr, Call) else ()


def fold(expr: Expr, leave: Callable[[Expr, tuple[T, ...]], T]) -> T:
    """Compute bottom up, at any depth: `leave(node, results of its parts)` for each node."""
    results: list[T] = []
    pending: list[tuple[Expr, bool]] = [(expr, False)]
    while pending:
        node, entered = pending.pop()
        parts = children(node)
        if parts and not entered:
            pending.append((node, True))
            pending.extend((part, False) for part in reversed(parts))
            continue
        start = len(results) - len(parts)
        done = tuple(results[start:])
        del results[start:]
        results.append(leave(node, done))
    return results[0]


def levels(expr: Expr, weight: Callable[[Call], int] = lambda _: 1) -> int:
    """How deep calls nest, each as often as it weighs."""
    return fold(expr, lambda one, parts: weight(one) + max(parts) if isinstance(one, Call) and parts else 0)


def references(expr: Expr) -> tuple[Reference, ...]:
    """Each Reference of the expression once, in order of appearance."""
    found: dict[str, Reference] = {}
    pending = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, Reference):
            found.setdefault(node.name, node)
        pending.extend(reversed(children(node)))
    return tuple(found.values())
