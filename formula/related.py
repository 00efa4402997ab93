"""COUNT, EXISTS, SUM and their like: figures over the records of another object that link to the one at hand.

The first argument names the link, `opportunity.account`, and is no value; the others are read in the scope of
the linking record. Only a database answers them, so that they stand where a condition becomes SQL.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from formula import codes
from formula.expr import INSIDE, Call, Literal, of_related
from formula.suggest import did_you_mean
from formula.types import BOOLEAN, NUMBER, Kind
from formula.types import number as bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from formula.call import Application, Report
    from formula.emit import Emitter, Piece
    from formula.expr import Expr
    from formula.functions import Function
    from formula.scope import Related, Scope
    from formula.source import Span
    from formula.types import Type

COUNT, EXISTS = "COUNT", "EXISTS"
MOST_NESTED = 3
"""Related records of related records of related ones; each level is a query within the query."""

_WHOLE = bounded(9, 0)
_ORDERED = (Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.TIME)
_NONE = frozenset({("=", 0), ("<", 1), ("<=", 0)})
_SOME = frozenset({("<>", 0), (">", 0), (">=", 1)})
_TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def found(scope: Scope, text: str, span: Span, report: Report) -> Related | None:
    """The records that a first argument, written as `text`, names; None after saying why there are none."""
    parts = tuple(text.lower().split("."))
    records = scope.related(parts) if text else None
    if records is not None and records.link.name.count(INSIDE) < MOST_NESTED:
        return records
    if records is not None:
        message = f"related records nest more than {MOST_NESTED} levels deep"
        report(codes.TOO_LARGE, span, message, "")
        return None
    links = sorted(scope.links())
    known = f"write object.field, a link that leads here: {', '.join(links[:6])}" if links else ""
    said = f"there is no link {text} that leads here" if text else "a link that leads here is to stand first"
    report(codes.UNKNOWN_LINK, span, said, (did_you_mean(text, links) if text else "") or known)
    return None


def check_count(application: Application) -> Expr | None:
    """COUNT(link, condition) and EXISTS(link, condition): of those that fulfil the condition, or of all."""
    if not application.count(1, 2):
        return None
    type_ = BOOLEAN if application.function.name == EXISTS else _WHOLE
    return _call(application, application.arguments[1:], type_)


def check_figure(application: Application) -> Expr | None:
    """SUM(link, value, condition) and its like: of a number, or for the least and the greatest of a time."""
    if not application.count(2, 3):
        return None
    adds = application.function.name in ("SUM", "AVG")
    value = application.fit(application.arguments[1], (Kind.NUMBER,) if adds else _ORDERED, "value")
    if value is None:
        return None
    return _call(
        application, application.arguments[2:], NUMBER if adds else replace(value.type, money=""), value
    )


def either(plain: Callable[[Application], Expr | None]) -> Callable[[Application], Expr | None]:
    """The check of a function of values that is one of related records where a link stands first."""
    return lambda application: (check_figure if of_related(application.arguments) else plain)(application)


def shortened(expr: Expr, functions: Mapping[str, Function]) -> Expr:
    """`COUNT(…) = 0` as NOT EXISTS, `COUNT(…) > 0` as EXISTS: databases answer with the first record."""
    if not isinstance(expr, Call) or len(expr.arguments) != 2:
        return expr
    (left, right), symbol = expr.arguments, expr.function.name
    if isinstance(left, Literal):
        left, right, symbol = right, left, _TURNED.get(symbol, "")
    if not isinstance(left, Call) or left.function.name != COUNT or not isinstance(right, Literal):
        return expr
    number = right.value
    asked = (symbol, int(number)) if isinstance(number, Decimal) and number in (0, 1) else None
    if asked not in _NONE | _SOME:
        return expr
    some = Call(function=functions[EXISTS], arguments=left.arguments, type=BOOLEAN, span=expr.span)
    if asked in _SOME:
        return some
    return Call(function=functions["NOT"], arguments=(some,), type=BOOLEAN, span=expr.span)


def build(_emitter: Emitter, _call: Call, parts: tuple[Piece, ...]) -> Piece:
    """The Python code: that of the link, which is an error and says why."""
    return parts[0]


def _call(application: Application, conditions: tuple[Expr, ...], type_: Type, *values: Expr) -> Call | None:
    fitted = tuple(application.fit(each, (Kind.BOOLEAN,), "condition") for each in conditions)
    if None in fitted:
        return None
    row = (application.arguments[0], *values, *(each for each in fitted if each is not None))
    return Call(function=application.function, arguments=row, type=type_, span=application.span)
