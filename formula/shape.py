"""Checks of functions whose shape is more than a list of parameter types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import codes
from formula.call import describe, joined, retype, shown
from formula.compare import id_of
from formula.expr import Call, Literal, Reference
from formula.types import BOOLEAN, NULL, PLAIN, Kind

if TYPE_CHECKING:
    from formula.call import Application
    from formula.expr import Expr

_UNCHOSEN = {Kind.BOOLEAN: "use IF()", Kind.MULTIPICKLIST: "ask with INCLUDES()"}


def check_if(application: Application) -> Expr | None:
    """IF(condition, result, result)."""
    if not application.count(3, 3):
        return None
    condition = application.fit(application.arguments[0], (Kind.BOOLEAN,), "condition")
    results = application.branches(application.arguments[1:])
    if condition is None or results is None:
        return None
    first, second = (_without_null_boolean(result) for result in results)
    return _call(application, (condition, first, second), (first, second))


def check_ifs(application: Application) -> Expr | None:
    """IFS(condition, result, ..., otherwise): Booleans and results of one type; without otherwise, null."""
    if not application.count(2):
        return None
    pairs, otherwise = list(application.arguments), []
    if len(pairs) % 2:
        otherwise = [pairs.pop()]
    conditions = [application.fit(condition, (Kind.BOOLEAN,), "condition") for condition in pairs[::2]]
    rest = otherwise or [Literal(value=None, type=NULL, span=application.span)]
    results = application.branches([*pairs[1::2], *rest])
    if results is None or None in conditions:
        return None
    cased = [_without_null_boolean(result) for result in results]
    row = [part for pair in zip(conditions, cased[:-1], strict=True) for part in pair if part is not None]
    return _call(application, (*row, cased[-1]), cased)


def check_default(application: Application) -> Expr | None:
    """BLANKVALUE and NULLVALUE: a value and its substitute of one type, no Booleans, no picklists."""
    if not application.count(2, 2):
        return None
    for argument, name in zip(application.arguments, ("value", "substitute"), strict=True):
        if argument.type.kind is not Kind.NULL and application.fit(argument, PLAIN, name) is None:
            return None
    pair = application.branches(application.arguments)
    return None if pair is None else _call(application, pair, pair)


def check_iferror(application: Application) -> Expr | None:
    """IFERROR(value, substitute)."""
    if not application.count(2, 2):
        return None
    pair = application.branches(application.arguments)
    return None if pair is None else _call(application, pair, pair)


def check_case(application: Application) -> Expr | None:
    """CASE(value, label, result, ..., otherwise): labels of the value's type, results of one type."""
    if not application.count(4) or len(application.arguments) % 2:
        if len(application.arguments) >= 4:
            message = (
                f"CASE() with {len(application.arguments)} arguments lacks a result for every other value"
            )
            application.report(
                codes.WRONG_COUNT, application.at, message, "add the otherwise-result at the end"
            )
        return None
    value, *pairs, otherwise = application.arguments
    if hint := _UNCHOSEN.get(value.type.kind):
        message = f"CASE() does not choose by a {value.type}: {describe(value)}"
        application.report(codes.WRONG_TYPE, value.span, message, hint)
        return None
    labels = [_label(application, value, label) for label in pairs[::2]]
    results = application.branches([*pairs[1::2], otherwise])
    fitting = [label for label in labels if label is not None]
    if results is None or len(fitting) < len(labels):
        return None
    value, fitting = _same_kind(application, value, fitting)
    cased = [_without_null_boolean(result) for result in results]
    row = [part for pair in zip(fitting, cased[:-1], strict=True) for part in pair]
    return _call(application, (value, *row, cased[-1]), cased)


def check_ispickval(application: Application) -> Expr | None:
    """ISPICKVAL(picklist, "option")."""
    if not application.count(2, 2):
        return None
    picklist = application.fit(application.arguments[0], (Kind.PICKLIST,), "picklist")
    label = None if picklist is None else application.option(application.arguments[1], picklist)
    if picklist is None or label is None:
        return None
    return Call(
        function=application.function, arguments=(picklist, label), type=BOOLEAN, span=application.span
    )


def check_includes(application: Application) -> Expr | None:
    """INCLUDES(list, value): the value is of the kind that the list holds, or one of its options."""
    if not application.count(2, 2):
        return None
    values = application.fit(application.arguments[0], (Kind.MULTIPICKLIST,), "list")
    value = None if values is None else _element(application, values, application.arguments[1])
    if values is None or value is None:
        return None
    return Call(function=application.function, arguments=(values, value), type=BOOLEAN, span=application.span)


def _element(application: Application, values: Expr, value: Expr) -> Expr | None:
    kind = values.type.element.kind if values.type.element else Kind.TEXT
    if value.type.kind is Kind.PICKLIST and kind is Kind.TEXT:
        return application.text_of(value)
    if isinstance(value, Literal) and value.type.kind is Kind.TEXT:
        if values.type.options:
            return application.option(value, values)
        if kind is Kind.ID and (known := id_of(value)):
            return known
    return application.fit(value, (kind,), "value")


def check_before(application: Application) -> Expr | None:
    """ISCHANGED and PRIORVALUE: one field of the record itself."""
    if not application.count(1, 1):
        return None
    field = _bare(application.arguments[0])
    if not isinstance(field, Reference) or "." in field.name or field.name.startswith("$"):
        message = f"{shown(application.function.name)} takes a field of the record itself"
        own = field.name.partition(".")[0] if isinstance(field, Reference) else "$"
        hint = "" if own.startswith("$") else f"{own} itself has one: {application.function.name}({own})"
        application.report(codes.NOT_OWN_FIELD, application.arguments[0].span, message, hint)
        return None
    result = BOOLEAN if application.function.name == "ISCHANGED" else field.type
    call = Call(function=application.function, arguments=(field,), type=result, span=application.span)
    wrapped = application.arguments[0]
    if result.kind is Kind.NUMBER and isinstance(wrapped, Call):
        return Call(
            function=wrapped.function, arguments=(call, wrapped.arguments[1]), type=result, span=call.span
        )
    return call


def _bare(expr: Expr) -> Expr:
    """The field without the zero that `as_zero` put around it."""
    defaulted = isinstance(expr, Call) and expr.function.name == "NULLVALUE"
    return expr.arguments[0] if defaulted and isinstance(expr, Call) else expr


def _label(application: Application, value: Expr, label: Expr) -> Expr | None:
    if value.type.kind is Kind.PICKLIST:
        return application.option(label, value)
    if value.type.kind is Kind.ID and label.type.kind is Kind.TEXT:
        return id_of(label) or label
    return application.fit(label, (value.type.kind,), "a label like the value")


def _same_kind(application: Application, value: Expr, labels: list[Expr]) -> tuple[Expr, list[Expr]]:
    """An Id among texts that are no ids written out is compared as text."""
    if value.type.kind is not Kind.ID or all(label.type.kind is not Kind.TEXT for label in labels):
        return value, labels
    texts = [application.text_of(label) if label.type.kind is Kind.ID else label for label in labels]
    return application.text_of(value), texts


def _without_null_boolean(expr: Expr) -> Expr:
    """A Boolean result is never null: null is false."""
    blank = isinstance(expr, Literal) and expr.value is None and expr.type.kind is Kind.BOOLEAN
    return Literal(value=False, type=BOOLEAN, span=expr.span) if blank else expr


def _call(application: Application, arguments: tuple[Expr, ...], results: object) -> Call:
    assert isinstance(results, tuple | list)
    common = joined([retype(result, results[0].type) for result in results])
    return Call(function=application.function, arguments=arguments, type=common, span=application.span)
