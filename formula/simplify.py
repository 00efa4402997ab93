"""Fold what is constant, without ever losing or adding an error.

A Call of a pure function over literals becomes its value, unless it has none. IF with a constant
condition becomes its branch; AND and OR lose the constants that cannot decide them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from formula.expr import Literal
from formula.fault import RAISED
from formula.functions import Lenient, Strict
from formula.number import shortest
from formula.program import Env, compile_expr
from formula.types import MAX_PRECISION, Kind, number_of, plain

if TYPE_CHECKING:
    from formula.expr import Call, Expr, Value

# Pure functions do not look at it.
_NO_ENV = Env(now=datetime(1970, 1, 1, tzinfo=UTC))
LONGEST_FOLDED = 20_000
"""Characters of texts that are put together beforehand; as many as a formula may have."""
_DECIDED_BY = {"AND": False, "OR": True}


def simplify(call: Call) -> Expr:
    """An expression with the same value, or the same error, for every row.

    Only the node itself is looked at: the checker comes by once for each, from the leaves up.
    """
    parts = call.arguments
    name = call.function.name
    if name == "IF" and isinstance(parts[0], Literal):
        return _branch(parts[1] if parts[0].value is True else parts[2], call)
    if name in _DECIDED_BY:
        return _gate(call, decisive=_DECIDED_BY[name])
    if call.function.pure and all(isinstance(part, Literal) for part in parts):
        return _evaluated(call)
    return call


def _branch(chosen: Expr, call: Call) -> Expr:
    """The branch in the place of its IF; a bare null would lose the type, which the IF gives it."""
    return call if isinstance(chosen, Literal) and not _writable(chosen) else chosen


def _gate(call: Call, *, decisive: bool) -> Expr:
    """AND or OR without constants: what follows a decisive one is never evaluated."""
    kept: list[Expr] = []
    for part in call.arguments:
        if not isinstance(part, Literal):
            kept.append(part)
        elif (part.value is True) is decisive:
            if not kept:
                return Literal(value=decisive, type=call.type, span=call.span)
            kept.append(part)
            break
    if not kept:
        return Literal(value=not decisive, type=call.type, span=call.span)
    return call if len(kept) == len(call.arguments) else replace(call, arguments=tuple(kept))


def _evaluated(call: Call) -> Expr:
    texts = (part.value for part in call.arguments if isinstance(part, Literal))
    if sum(len(text) for text in texts if isinstance(text, str)) > LONGEST_FOLDED:
        return call
    try:
        value = _value(call)
    except RAISED:
        return call
    if isinstance(value, Decimal):
        value = shortest(value)
    bounds = number_of(value) if isinstance(value, Decimal) else plain(call.type)
    literal = Literal(value=value, type=bounds, span=call.span)
    return literal if _writable(literal) else call


def _writable(literal: Literal) -> bool:
    """Whether the literal, written out and read again, is the same: a null loses its type."""
    if isinstance(literal.value, str) and len(literal.value) > LONGEST_FOLDED:
        return False
    if isinstance(literal.value, Decimal):
        return len(literal.value.as_tuple().digits) <= MAX_PRECISION
    return literal.value is not None or literal.type.kind is Kind.TEXT


def _value(call: Call) -> Value:
    """The value of a function of constants; the plain ones need no compiling."""
    values = [part.value for part in call.arguments if isinstance(part, Literal)]
    python = call.function.python
    if isinstance(python, Strict | Lenient) and not python.env:
        blank = isinstance(python, Strict) and None in values
        value: Value = None if blank else python.call(*values)
        return value
    return compile_expr(call).value({}, _NO_ENV)
