"""Functions that SQLite calls in Python: the language's own, and arithmetic on the bytes of `decimals`.

`formula(signature, arguments…)` runs the Python implementation of a function, so that it gives the same
answer by being the same code; an error is NULL, and `formula_fails` with the same arguments is 1 exactly
then. A signature names the function, the forms of its arguments, and the kind of its result.
"""

from __future__ import annotations

import pkgutil
from datetime import datetime
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from formula import functions
from formula import number as numbers
from formula.fault import RAISED
from formula.functions import Function, Lenient, Strict
from formula.program import Env
from formula.sql import aggregate, decimals
from formula.sql.backend import Backend
from formula.sql.form import Form, any_fails, either, unless
from formula.sql.fragment import Sql, listed, sql
from formula.sql.term import CLOCK, ZONE, Term, python_value, reader, sqlite_value, supplied
from formula.types import Kind, Type, plain

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from formula.expr import Call
    from formula.sql.form import Translator

_ARITHMETIC: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = MappingProxyType(
    {
        "add": numbers.add,
        "subtract": numbers.subtract,
        "multiply": numbers.multiply,
        "divide": numbers.divide,
    }
)


def register(connection: sqlite3.Connection) -> None:
    """Give a connection every function that SQL made by this package may call."""
    for name, operation in _ARITHMETIC.items():
        connection.create_function(f"formula_{name}", 2, _on_bytes(operation), deterministic=True)
    connection.create_function("formula_negate", 1, _negated, deterministic=True)
    connection.create_function("formula_number", 2, _bytes_of_scaled, deterministic=True)
    aggregate.register(connection)
    calls = _Calls(_declared())
    connection.create_function("formula", -1, calls.value, deterministic=True)
    connection.create_function("formula_fails", -1, calls.fails, deterministic=True)


def _declared() -> Mapping[str, Strict | Lenient]:
    """What can be called, by name: the declared functions, and what they say is called in them."""
    names = (module.name for module in pkgutil.iter_modules(functions.__path__))
    found: list[Function] = [import_module(f"{functions.__name__}.{name}").FUNCTION for name in names]
    inner = {call.__name__: Strict(call=call) for function in found for call in function.inner}
    outer = {one.name: one.python for one in found if isinstance(one.python, Strict | Lenient)}
    return {**inner, **outer}


def called(name: str, terms: Sequence[Term], type_: Type) -> Term:
    """SQLite: a value that a declared Strict function computes, or one that a declaration calls `inner`."""
    return Term(sql=_call("formula", name, terms, type_.kind), type=plain(type_))


def _on_bytes(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Any, Any], bytes | None]:
    """A decimal operation between encoded numbers; NULL for NULL and for an error."""

    def called(left: bytes | None, right: bytes | None) -> bytes | None:
        if left is None or right is None:
            return None
        try:
            return decimals.encode(operation(decimals.decode(left), decimals.decode(right)))
        except RAISED:
            return None

    return called


def _negated(number: bytes | None) -> bytes | None:
    return None if number is None else decimals.encode(numbers.negate(decimals.decode(number)))


def _bytes_of_scaled(value: int | None, scale: int) -> bytes | None:
    return None if value is None else decimals.encode_scaled(value, scale)


class _Calls:
    """The declared functions behind `formula`; each signature is taken apart once per connection."""

    def __init__(self, declared: Mapping[str, Strict | Lenient]) -> None:
        self._declared = declared
        self._prepared: dict[str, Callable[[tuple[Any, ...]], Any]] = {}

    def value(self, signature: str, *raw: Any) -> Any:
        """What the function gives; NULL for blank and for an error."""
        try:
            return self._run(signature, raw)
        except RAISED:
            return None

    def fails(self, signature: str, *raw: Any) -> int:
        """Whether the function has an error for these arguments."""
        try:
            self._run(signature, raw)
        except RAISED:
            return 1
        return 0

    def _run(self, signature: str, raw: tuple[Any, ...]) -> Any:
        prepared = self._prepared.get(signature)
        if prepared is None:
            prepared = self._prepared[signature] = _prepare(self._declared, signature)
        return prepared(raw)


def _prepare(declared: Mapping[str, Strict | Lenient], signature: str) -> Callable[[tuple[Any, ...]], Any]:
    """The function over SQLite's own values that a signature stands for."""
    name, *forms = signature.split("|")
    readers = [_reader(form) for form in forms[:-1]]
    result = Kind(forms[-1])
    python = declared[name]
    strict, call, env = isinstance(python, Strict), python.call, python.env

    def run(raw: tuple[Any, ...]) -> Any:
        if strict and None in raw:
            return None
        held = raw[2:] if env else raw
        values = [None if one is None else read(one) for read, one in zip(readers, held, strict=True)]
        return sqlite_value(call(_env(*raw[:2]), *values) if env else call(*values), result)

    return run


def _reader(form: str) -> Callable[[Any], Any]:
    """From SQLite's value in a form to Python's."""
    kind, _, scale = form.partition(":")
    return reader(Type(kind=Kind(kind), scale=int(scale) if scale else None)) or (lambda raw: raw)


def _env(now: int, zone: str) -> Env:
    instant = python_value(now, Kind.DATETIME)
    assert isinstance(instant, datetime)
    return Env(now=instant, zone=ZoneInfo(zone))


def _value(translator: Translator, call: Call) -> Term:
    written = _written("formula", translator, call)
    if isinstance(call.function.python, Lenient):
        written = unless(any_fails(translator, call), written)
    return Term(sql=written, type=plain(call.type))


def _fails(translator: Translator, call: Call) -> Sql | None:
    python = call.function.python
    safe = isinstance(python, Strict | Lenient) and python.safe
    own = None if safe else _written("formula_fails", translator, call)
    return either(any_fails(translator, call), own)


def _written(registered: str, translator: Translator, call: Call) -> Sql:
    python = call.function.python
    terms = [translator.term(argument) for argument in call.arguments]
    takes_env = isinstance(python, Strict | Lenient) and python.env
    return _call(registered, call.function.name, terms, call.type.kind, env=takes_env)


def _call(registered: str, name: str, terms: Sequence[Term], kind: Kind, *, env: bool = False) -> Sql:
    """A call of a registered function; the signature is made of declared names alone."""
    signature = "|".join((name, *(_form(term.type) for term in terms), kind))
    clock = [supplied(CLOCK, Kind.DATETIME, Backend.SQLITE), supplied(ZONE, Kind.TEXT, Backend.SQLITE)]
    arguments = [(f"'{signature}'",), *(clock if env else ()), *(term.sql for term in terms)]
    return sql(f"{registered}({{0}})", listed(", ", arguments))


def _form(type_: Type) -> str:
    return f"{type_.kind}:{type_.scale}" if type_.scale is not None else str(type_.kind)


FORM = Form(value=_value, fails=_fails)
