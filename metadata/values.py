"""Step of the compiler: values that a document gives to fields – defaults, and what flows set.

A text that begins with `=` is a formula, anything else a constant that must fit the field's formula type.
What fits in every detail (lengths, limits) only the field type knows; the save decides.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from formula.scope import Context
from formula.types import TEXT, Kind, Type
from metadata import codes
from metadata.names import nearest

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType
    from metadata.formulas import Checker
    from metadata.node import Node

_PARSERS = {
    Kind.DATE: date.fromisoformat,
    Kind.DATETIME: datetime.fromisoformat,
    Kind.TIME: time.fromisoformat,
}


def is_formula(node: Node) -> bool:
    """Whether the value is a text that begins with `=`."""
    return node.text.startswith("=")


def value(checker: Checker, scope: ObjectType, field: Field, node: Node, context: Context) -> object:
    """The Formula or constant that `node` gives to `field`; None when it does not fit (reported).

    `scope` is the object whose record the formula reads.
    """
    if is_formula(node):
        return checker.check(scope, node, context, expect=field.sort.type, skip=1)
    if isinstance(node.value, dict) and field.sort.parts and field.sort.type.kind is Kind.TEXT:
        return _in_parts(checker, scope, field, node, context)
    problem, hint = _misfit(field.sort.type, node)
    if problem:
        checker.draft.report(node, codes.WRONG_DEFAULT, f"{problem} for `{field.name}`", hint=hint)
        return None
    return node.plain()


def _in_parts(
    checker: Checker, scope: ObjectType, field: Field, node: Node, context: Context
) -> dict[str, object]:
    """A value of several parts, each a constant or, in a flow, a formula: `billing: {city: =city}`."""
    made: dict[str, object] = {}
    parts, report = field.sort.parts, checker.draft.report
    for name, below in node.mapping.items():
        type_ = parts.get(name)
        if type_ is None:
            hint = nearest(name, parts) or f"There is {', '.join(parts)}."
            report(
                below, codes.UNKNOWN_PROPERTY, f"`{field.name}` has no part `{name}`", hint=hint, at_key=True
            )
        elif not is_formula(below):
            problem, hint = _misfit(type_, below)
            if problem:
                report(below, codes.WRONG_DEFAULT, f"{problem} for `{field.name}.{name}`", hint=hint)
            made[name] = below.plain()
        elif context is Context.FLOW:
            made[name] = checker.check(scope, below, context, expect=type_, skip=1)
        else:
            message, hint = "the parts of a default are constants", "Make the whole default a formula."
            report(below, codes.WRONG_DEFAULT, message, hint=hint)
    return made


def _misfit(type_: Type, node: Node) -> tuple[str, str]:
    """What is wrong with a constant, and a hint; ("", "") when it fits."""
    given = node.value
    shown = f"`{node.plain()}` does not fit"
    match type_.kind:
        case Kind.TEXT:
            return ("", "") if isinstance(given, str) else (shown, "Put a text into quotes.")
        case Kind.NUMBER:
            fits = isinstance(given, int | Decimal) and not isinstance(given, bool)
            return ("", "") if fits else (shown, "Write a number without quotes.")
        case Kind.BOOLEAN:
            return ("", "") if isinstance(given, bool) else (shown, "Write true or false.")
        case Kind.PICKLIST:
            known = node.text in type_.options
            return ("", "") if known else (f"{shown}: no such option", nearest(node.text, type_.options))
        case Kind.DATE | Kind.DATETIME | Kind.TIME:
            return (
                ("", "")
                if _parses(type_.kind, node.text)
                else (shown, "Write it as 2026-01-31, or as a formula.")
            )
        case Kind.ID:
            return f"{shown}: a link needs a formula", "Begin with =, for example =$user.id."
        case Kind.MULTIPICKLIST:
            coded = Type(kind=Kind.PICKLIST, options=type_.options) if type_.options else TEXT
            misfits = (_misfit(type_.element or coded, item) for item in node.items or (node,))
            return next((found for found in misfits if found[0]), ("", ""))
        case Kind.NULL:
            return "", ""
        case unreachable:
            assert_never(unreachable)


def _parses(kind: Kind, text: str) -> bool:
    try:
        _PARSERS[kind](text)
    except ValueError:
        return False
    return True
