"""A formula as a Python function: compiled once, run on every row.

The engine runs programs on records it holds in memory: field updates, rules, conditions. What runs
in the database is made by `formula.sql` of the same expression.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from formula.emit import Emitter, Piece, function, is_true
from formula.fault import FormulaError, as_fault

if TYPE_CHECKING:
    from formula.expr import Expr, Formula, Value

__all__ = ["Env", "FormulaError", "Program", "compile_python"]

Row = Mapping[str, Any]
NO_VALUES: Row = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """What a formula sees beyond its row.

    `now`: an aware instant. `zone`: the user's time zone, or the tenant's for background work.
    `globals`: values by reference name, `"$user.id"`. `before`: the record's own values before the
    change by field name; None when it is being created. `copied`: it is created as a copy of another.
    `tables`: what VLOOKUP finds, by the names of its fields: value to look for, value to return.
    """

    now: datetime
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    globals: Row = field(default_factory=lambda: NO_VALUES)
    before: Row | None = None
    copied: bool = False
    tables: Mapping[tuple[str, str], Mapping[Any, Any]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day it is in the zone."""
        return self.now.astimezone(self.zone).date()

    @property
    def instant(self) -> datetime:
        """`now` in UTC."""
        return self.now.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A compiled formula. `value` and `condition` are plain functions of (row, env), safe to share.

    `row` is keyed by `Reference.name`. Both raise FormulaError when the formula has an error for a
    value, and KeyError when the row lacks a name the formula refers to.
    """

    value: Callable[[Row, Env], Value]
    condition: Callable[[Row, Env], bool]

    def __call__(self, row: Row, env: Env) -> Value:
        return self.value(row, env)


def compile_python(formula: Formula) -> Program:
    """The formula as Python code; no text of the formula ever becomes Python source."""
    return compile_expr(formula.expr)


def compile_expr(expr: Expr, *, placed: bool = False) -> Program:
    """The same for a bare expression, such as a condition put together of others.

    With `placed` its errors have a `span`: slower, and for no more than a few hundred levels.
    """
    emitter = Emitter(placed=placed)
    piece = emitter.emit(expr)
    body = [
        *emitter.blocks,
        _guarded("value", emitter, piece),
        _guarded("condition", emitter, is_true(piece)),
    ]
    module = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    namespace = dict(emitter.namespace)
    exec(compile(module, "<formula>", "exec"), namespace)  # noqa: S102 - nodes of our own making
    return Program(value=namespace["value"], condition=namespace["condition"])


def _guarded(name: str, emitter: Emitter, piece: Piece) -> ast.stmt:
    """`def name(row, env)`: the value, with what it may raise turned into a FormulaError."""
    if piece.safe:
        return function(name, [ast.Return(piece.node)])
    return function(name, [emitter.tried(piece.node, lambda error: emitter.invoke(as_fault, error))])
