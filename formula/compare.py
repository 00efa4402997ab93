"""How `=` `<>` `<` and their like are checked and run; the declarations are in `functions`.

Text compares by code point and takes null for the empty text, so it is never null. Everything else
compared with null is null. Picklists and Ids compare with option codes and id texts written out.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING
from uuid import UUID

from formula import codes
from formula.call import describe, retype, shown
from formula.emit import Piece
from formula.expr import Call, Literal
from formula.functions import takes
from formula.printer import show
from formula.types import BOOLEAN, ID, TEXT, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.call import Application
    from formula.emit import Emitter
    from formula.expr import Expr

_ORDERED = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.TIME)
_OPAQUE = frozenset({Kind.PICKLIST, Kind.MULTIPICKLIST})
_BLANKABLE = frozenset({Kind.TEXT, Kind.ID, Kind.PICKLIST, Kind.MULTIPICKLIST})


ORDERED = tuple(takes(left=(kind,), right=(kind,), returns=BOOLEAN) for kind in _ORDERED)
EQUATED = (
    *ORDERED,
    takes(left=BOOLEAN, right=BOOLEAN, returns=BOOLEAN),
    takes(left=ID, right=ID, returns=BOOLEAN),
)


def check_order(application: Application) -> Expr | None:
    """`<` and its like: both sides of one type that has an order."""
    left, right = application.arguments
    kinds = {left.type.kind, right.type.kind} - {Kind.NULL}
    if len(kinds) <= 1 and kinds <= set(_ORDERED):
        return _same(application, left, right)
    if kinds == {Kind.ID, Kind.TEXT}:
        return _same(application, _as_text(application, left), _as_text(application, right))
    _refuse(application, left, right)
    return None


def check_equal(application: Application) -> Expr | None:
    """`=`, with the meanings it has for blanks, picklists and ids."""
    return _equal(application, negated=False)


def check_unequal(application: Application) -> Expr | None:
    """`<>`: the same, negated."""
    return _equal(application, negated=True)


def comparison(operator: ast.cmpop) -> Callable[[Emitter, Call, tuple[Piece, ...]], Piece]:
    """The Python code of one comparison operator."""

    def build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
        if call.arguments[0].type.kind is Kind.TEXT:
            return _text(operator, parts)
        return emitter.strict(parts, lambda left, right: ast.Compare(left, [operator], [right]), safe=True)

    return build


def _text(operator: ast.cmpop, parts: tuple[Piece, ...]) -> Piece:
    ordered = not isinstance(operator, ast.Eq | ast.NotEq)
    left, right = [_or_empty(part) if ordered else part.node for part in parts]
    node = ast.Compare(left, [operator], [right])
    return Piece(node=node, null=False, safe=all(part.safe for part in parts))


def _or_empty(part: Piece) -> ast.expr:
    return ast.BoolOp(ast.Or(), [part.node, ast.Constant("")]) if part.null else part.node


def _equal(application: Application, *, negated: bool) -> Expr | None:
    left, right = application.arguments
    if _is_blank(left) and not _is_blank(right):
        left, right = right, left
    kinds = {left.type.kind, right.type.kind}
    if _is_blank(right) and left.type.kind in _BLANKABLE:
        return _negated(application, application.make("ISBLANK", left), negated=negated)
    if kinds & _OPAQUE:
        return _equal_option(application, left, right, negated=negated)
    if kinds == {Kind.ID, Kind.TEXT}:
        return _equal_id(application, left, right)
    if Kind.NULL in kinds:
        message = "a comparison with null is null and counts as false"
        application.warn(codes.NULL_COMPARISON, application.span, message, "use ISBLANK()")
    known = kinds - {Kind.NULL}
    if len(known) <= 1:
        return _same(application, left, right)
    _refuse(application, left, right)
    return None


def _equal_option(application: Application, left: Expr, right: Expr, *, negated: bool) -> Expr | None:
    picklist, label = (left, right) if left.type.kind in _OPAQUE else (right, left)
    if picklist.type.kind is Kind.MULTIPICKLIST or label.type.kind in _OPAQUE:
        hint = "compare with TEXT()"
        if picklist.type.kind is Kind.MULTIPICKLIST:
            hint = f"use INCLUDES({show(picklist)}, …) or ISBLANK({show(picklist)})"
        message = f"{shown(application.function.name)} does not compare {left.type} with {right.type}"
        application.report(codes.WRONG_TYPE, application.at, message, hint)
        return None
    option = application.option(label, picklist)
    if option is None:
        return None
    return _negated(application, application.make("ISPICKVAL", picklist, option), negated=negated)


def _equal_id(application: Application, left: Expr, right: Expr) -> Expr:
    """An id written out is compared as an id, so that an index can serve; other texts as text."""
    for text, other in ((left, right), (right, left)):
        if literal := id_of(text):
            return _same(application, other, literal)
    return _same(application, _as_text(application, left), _as_text(application, right))


def _same(application: Application, left: Expr, right: Expr) -> Expr:
    common = left.type if left.type.kind is not Kind.NULL else right.type
    sides = (retype(left, common), retype(right, common))
    return Call(function=application.function, arguments=sides, type=BOOLEAN, span=application.span)


def _negated(application: Application, call: Call, *, negated: bool) -> Call:
    return application.make("NOT", call) if negated else call


def _as_text(application: Application, expr: Expr) -> Expr:
    return application.text_of(expr) if expr.type.kind is Kind.ID else retype(expr, TEXT)


def _is_blank(expr: Expr) -> bool:
    return isinstance(expr, Literal) and expr.value is None


def id_of(expr: Expr) -> Literal | None:
    """The id that a text written out is one of, or None."""
    if not (isinstance(expr, Literal) and expr.type.kind is Kind.TEXT and isinstance(expr.value, str)):
        return None
    try:
        known = str(UUID(expr.value))
    except ValueError:
        return None
    return Literal(value=known, type=ID, span=expr.span) if known == expr.value.lower() else None


def _refuse(application: Application, left: Expr, right: Expr) -> None:
    symbol = shown(application.function.name)
    if left.type.kind is right.type.kind:
        message = f"{symbol} does not compare {left.type} values"
        application.report(codes.WRONG_TYPE, application.at, message, "")
        return
    message = f"{symbol} cannot compare {left.type} with {right.type}: {describe(left)}, {describe(right)}"
    application.report(codes.WRONG_TYPE, right.span, message, _one_type(left, right))


def _one_type(left: Expr, right: Expr) -> str:
    """How both sides of a comparison come to one type, or empty."""
    sides = {side.type.kind: show(side) for side in (left, right)}
    match sides:
        case {Kind.TEXT: text, Kind.NUMBER: number}:
            return f"use VALUE({text}) or TEXT({number})"
        case {Kind.DATE: _, Kind.DATETIME: instant}:
            return f"use DATEVALUE({instant})"
        case {Kind.DATE: _, Kind.TEXT: text}:
            return f"use DATEVALUE({text})"
        case {Kind.BOOLEAN: boolean}:
            return f"{boolean} is true or false by itself: write {boolean} or NOT({boolean})"
        case _:
            return ""
