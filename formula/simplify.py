"""Fold what is constant, without ever losing or adding an error.

A Call of a pure function over literals becomes its value, unless it has none. IF with a constant
condition becomes its branch; AND and OR lose the constants that cannot decide them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from formula.expr import Call, Literal, fold
from formula.fault import RAISED
from formula.functions import Strict
from formula.program import Env, compile_expr
from formula.types import Kind, plain

if TYPE_CHECKING:
    from formula.expr import Expr, Value

# Pure functions do not look at it.
_NO_ENV = Env(now=datetime(1970, 1, 1, tzinfo=UTC))
_DECIDED_BY = {"AND": False, "OR": True}


def simplify(expr: Expr) -> Expr:
    """An expression with the same value, or the same error, for every row."""
    return fold(expr, _leave)


def _leave(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    if not isinstance(expr, Call):
        return expr
    call = replace(expr, arguments=parts) if parts != expr.arguments else expr
    name = call.function.name
    if name == "IF" and isinstance(parts[0], Literal):
        return _branch(parts[1] if parts[0].value is True else parts[2], call)
    if name in _DECIDED_BY:
        return _gate(call, decisive=_DECIDED_BY[name])
    if call.function.pure and all(isinstance(part, Literal) for part in parts):
        return _evaluated(call)
    return call


def _branch(chosen: Expr, call: Call) -> Expr:
    """The branch in the place of its IF, with the IF's type should it be a bare null."""
    return replace(chosen, type=plain(call.type)) if chosen.type.kind is Kind.NULL else chosen


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
    try:
        value = _value(call)
    except RAISED:
        return call
    return Literal(value=value, type=call.type, span=call.span)


def _value(call: Call) -> Value:
    """The value of a function of constants; the plain ones need no compiling."""
    values = [part.value for part in call.arguments if isinstance(part, Literal)]
    python = call.function.python
    if isinstance(python, Strict) and not python.env:
        value: Value = None if None in values else python.call(*values)
        return value
    return compile_expr(call).value({}, _NO_ENV)
