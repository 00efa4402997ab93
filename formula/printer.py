"""Typed expression to text, so that reading the text gives the same expression again.

For the builder ("shown as text"), for explanations and for documents the product writes itself.
Conversions that the checker adds by itself are left out where it would add them again.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from formula.expr import Call, Literal, Reference, fold
from formula.number import written
from formula.syntax import NEGATIVE, PRECEDENCE, RIGHT
from formula.types import Kind

if TYPE_CHECKING:
    from formula.expr import Expr

_ATOM = 100
_PREFIX = 90
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def show(expr: Expr) -> str:
    """The canonical text of an expression, for a formula that reads blanks as blank."""
    return fold(expr, _leave)[0]


def _leave(expr: Expr, parts: tuple[tuple[str, int], ...]) -> tuple[str, int]:
    """The text of a node and how tightly it binds."""
    match expr:
        case Literal():
            return _literal(expr), _PREFIX if str(expr.value).startswith("-") else _ATOM
        case Reference(written=name):
            return name, _ATOM
        case Call(function=function):
            name = function.name
            if _is_boolean_default(expr):
                return parts[0]
            if name == NEGATIVE:
                return f"-{_wrapped(parts[0], _PREFIX)}", _PREFIX
            if name in PRECEDENCE:
                return _row(name, parts)
            shown = parts if function.written is None else [parts[place] for place in function.written]
            return f"{name}({', '.join(text for text, _ in shown)})", _ATOM


def _is_boolean_default(call: Call) -> bool:
    return call.function.name == "NULLVALUE" and call.type.kind is Kind.BOOLEAN


def _row(symbol: str, parts: tuple[tuple[str, int], ...]) -> tuple[str, int]:
    level = PRECEDENCE[symbol]
    first, *rest = parts
    right = symbol in RIGHT
    texts = [_wrapped(first, level + 1 if right else level)]
    texts += [_wrapped(part, level if right else level + 1) for part in rest]
    return f" {symbol} ".join(texts), level


def _wrapped(part: tuple[str, int], level: int) -> str:
    text, binding = part
    return text if binding >= level else f"({text})"


def _literal(literal: Literal) -> str:
    match literal.value:
        case None:
            return '""' if literal.type.kind is Kind.TEXT else "null"
        case bool(value):
            return "true" if value else "false"
        case Decimal() as number:
            return written(number)
        case str(text):
            return f'"{text.translate(_QUOTED)}"'
        case datetime() as instant:
            return f'DATETIMEVALUE("{instant:%Y-%m-%d %H:%M:%S}")'
        case date() as day:
            return f"DATE({day.year}, {day.month}, {day.day})"
        case time() as clock:
            return f'TIMEVALUE("{clock.isoformat(timespec="milliseconds")}")'
