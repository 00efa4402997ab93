"""VLOOKUP: what its arguments name, and what it finds.

The first two arguments name fields of another object, `$ObjectType.Country.Fields.Code` or `country.code`,
and are no values. What they lead to is in the Env, which the save fills for all records of a batch at once.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from formula import codes
from formula.call import bare, rewrapped, shown
from formula.emit import Piece
from formula.expr import Call, Reference
from formula.types import Kind, plain

if TYPE_CHECKING:
    from formula.call import Application
    from formula.emit import Emitter
    from formula.expr import Expr
    from formula.program import Env

OBJECTS = "$objecttype"
VLOOKUP = "VLOOKUP"


def spelled(name: str) -> str:
    """The full name of a field that was written as `object.field`."""
    object_, dot, field = name.partition(".")
    plain_ = dot and "." not in field and not name.startswith("$")
    return f"{OBJECTS}.{object_}.fields.{field}" if plain_ else name


def check(application: Application) -> Expr | None:
    """VLOOKUP(field to return, field to look in, value): fields of one object, the value like the second."""
    if not application.count(3, 3):
        return None
    given, *_ = application.arguments
    wanted, field = (_field(application, argument) for argument in application.arguments[:2])
    if wanted is None or field is None:
        return None
    if wanted.name.split(".")[1] != field.name.split(".")[1]:
        message = f"{shown(VLOOKUP)} looks in one object, and {field.name} is of another one"
        application.report(codes.NOT_OWN_FIELD, field.span, message, "name two fields of the same object")
        return None
    value = _value(application, field)
    if value is None:
        return None
    row = (wanted, field, value)
    return rewrapped(
        given,
        Call(function=application.function, arguments=row, type=plain(wanted.type), span=application.span),
    )


def build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    """The Python code: only the third argument is a value."""
    wanted, field, _ = call.arguments
    assert isinstance(wanted, Reference)
    assert isinstance(field, Reference)
    blank = False if call.type.kind is Kind.BOOLEAN else None
    names = [ast.Constant(each) for each in (wanted.name, field.name)]
    env = ast.Name("env", ast.Load())
    node = emitter.invoke(_found, env, *names, parts[2].node, ast.Constant(blank))
    return Piece(node=node, null=blank is None, safe=parts[2].safe)


def _found(env: Env, wanted: str, field: str, value: object, blank: object) -> Any:
    return env.tables.get((wanted, field), {}).get(value, blank)


def _field(application: Application, argument: Expr) -> Reference | None:
    field = bare(argument)
    if isinstance(field, Reference) and field.name.startswith(f"{OBJECTS}."):
        return field
    message = f"{shown(VLOOKUP)} takes fields of another object first"
    hint = "write $ObjectType.Country.Fields.Code, or country.code"
    application.report(codes.NOT_OWN_FIELD, argument.span, message, hint)
    return None


def _value(application: Application, field: Reference) -> Expr | None:
    value = application.arguments[2]
    kind = Kind.TEXT if field.type.kind is Kind.PICKLIST else field.type.kind
    if value.type.kind is Kind.PICKLIST and kind is Kind.TEXT:
        return application.text_of(value)
    return application.fit(value, (kind,), "the value to look for")
