"""Typed expression to Python `ast` nodes.

Writes one expression per formula. Null tests use walrus temporaries; what must be lazy or may get
deep becomes a *block*, a function of its own `(row, env)`, so that neither Python's compiler nor a
nested `try` sets a limit. Function declarations with an `Inline` implementation use an Emitter.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from formula.expr import Call, Literal, Reference, fold
from formula.fault import RAISED, FormulaError, as_fault
from formula.functions import Inline, Lenient, Strict
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from formula.expr import Expr
    from formula.program import Env
    from formula.source import Span

_DEEP = 20
_ROW = 8
_EARLIER = "$old."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Python code for a part. `null`: may be None; `safe`: cannot raise; `depth`: how deep it nests."""

    node: ast.expr
    null: bool = True
    safe: bool = False
    depth: int = 0


@dataclass(slots=True)
class Emitter:
    """The module under construction: constants by name and finished blocks.

    With `placed` errors say which part of the formula raised them, which costs a block for each part.
    """

    placed: bool = False
    namespace: dict[str, Any] = field(default_factory=dict)
    blocks: list[ast.stmt] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)
    _count: int = 0

    def emit(self, expr: Expr) -> Piece:
        """The code of an expression, at any depth."""
        return fold(expr, self._leave)

    def constant(self, value: object) -> ast.expr:
        """A name bound to `value` in the compiled module; plain constants stand for themselves."""
        if value is None or isinstance(value, str | bool):
            return ast.Constant(value)
        if id(value) not in self._names:
            name = self._names[id(value)] = self._fresh("c")
            self.namespace[name] = value
        return ast.Name(self._names[id(value)], ast.Load())

    def invoke(self, function: Callable[..., Any], *arguments: ast.expr) -> ast.expr:
        """A call of a Python function with these arguments."""
        return ast.Call(self.constant(function), list(arguments), [])

    def keep(self, node: ast.expr) -> tuple[ast.expr, ast.expr]:
        """The node with its value kept in a temporary, and the temporary to read it again."""
        name = self._fresh("t")
        return ast.NamedExpr(ast.Name(name, ast.Store()), node), ast.Name(name, ast.Load())

    def block(self, statements: Sequence[ast.stmt]) -> ast.expr:
        """The call of a new function with this body."""
        name = self._fresh("b")
        self.blocks.append(function(name, statements))
        loaded = [ast.Name("row", ast.Load()), ast.Name("env", ast.Load())]
        return ast.Call(ast.Name(name, ast.Load()), loaded, [])  # type: ignore[arg-type]

    def strict(self, pieces: Sequence[Piece], build: Callable[..., ast.expr], *, safe: bool = False) -> Piece:
        """`build` over the parts, or None when one of them is null. All parts are evaluated first."""
        tests: list[ast.expr] = []
        values: list[ast.expr] = []
        tested = [index for index, piece in enumerate(pieces) if piece.null]
        for index, piece in enumerate(pieces):
            # A part that may raise must run even when another is null: an error wins over null.
            if piece.null or (not piece.safe and any(other != index for other in tested)):
                kept, value = self.keep(piece.node)
                tests.append(is_none(kept))
                values.append(value)
            else:
                values.append(piece.node)
        whole = all(piece.safe for piece in pieces) and safe
        if not tests:
            return Piece(node=build(*values), null=False, safe=whole)
        lazy = all(piece.safe for piece in pieces[1:])
        test = tests[0] if len(tests) == 1 else either(tests) if lazy else _both(tests)
        return Piece(node=ast.IfExp(test, ast.Constant(None), build(*values)), null=True, safe=whole)

    def chain(self, pieces: Sequence[Piece], step: Callable[..., Any]) -> Piece:
        """`step` worked off from the left over two or more parts; null when one of them is."""
        result, start = self.strict(pieces[:_ROW], self._steps(step)), _ROW
        while start < len(pieces):
            rest = pieces[start : start + _ROW]
            result = self._shallow(self.strict((result, *rest), self._steps(step)), (result, *rest))
            start += _ROW
        return result

    def _steps(self, step: Callable[..., Any]) -> Callable[..., ast.expr]:
        def build(first: ast.expr, *rest: ast.expr) -> ast.expr:
            for node in rest:
                first = self.invoke(step, first, node)
            return first

        return build

    def _leave(self, expr: Expr, parts: tuple[Piece, ...]) -> Piece:
        match expr:
            case Literal(value=value):
                return Piece(node=self.constant(value), null=value is None, safe=True)
            case Reference(written=name, records=True):
                return Piece(node=self.invoke(_unreachable, ast.Constant(name)))
            case Reference(name=name, computed=computed) if name.startswith(_EARLIER):
                return Piece(node=self._earlier(name), safe=not computed)
            case Reference(name=name, computed=computed):
                return Piece(node=_load(name), safe=not computed)
            case Call():
                return self._finished(expr, self._call(expr, parts), parts)

    def _earlier(self, name: str) -> ast.expr:
        field = ast.Constant(name.removeprefix(_EARLIER))
        loaded = [ast.Name("row", ast.Load()), ast.Name("env", ast.Load())]
        return self.invoke(earlier, *loaded, field)

    def _call(self, call: Call, parts: tuple[Piece, ...]) -> Piece:
        match call.function.python:
            case Inline(build=build):
                return build(self, call, parts)
            case Strict(call=target, env=env, safe=safe):
                piece = self.strict(parts, lambda *nodes: self.invoke(target, *_env(env), *nodes), safe=safe)
                # A text function may come to the empty text, which is null.
                return replace(piece, null=True) if call.type.kind is Kind.TEXT else piece
            case Lenient(call=target, env=env, safe=safe, never_null=never_null):
                node = self.invoke(target, *_env(env), *(part.node for part in parts))
                return Piece(node=node, null=not never_null, safe=safe and all(part.safe for part in parts))

    def _shallow(self, piece: Piece, parts: tuple[Piece, ...]) -> Piece:
        depth = 1 + max([part.depth for part in parts], default=0)
        if depth < _DEEP:
            return Piece(node=piece.node, null=piece.null, safe=piece.safe, depth=depth)
        return Piece(node=self.block([ast.Return(piece.node)]), null=piece.null, safe=piece.safe)

    def _finished(self, call: Call, piece: Piece, parts: tuple[Piece, ...]) -> Piece:
        if piece.safe or not self.placed:
            return self._shallow(piece, parts)
        tried = self.tried(piece.node, lambda error: self.invoke(_at, error, self.constant(call.span)))
        return replace(piece, node=self.block([tried]))

    def tried(self, node: ast.expr, fault: Callable[[ast.expr], ast.expr]) -> ast.stmt:
        """The value of the node; `fault` makes what is raised of what it raises."""
        caught = ast.Name("error", ast.Load())
        handler = ast.ExceptHandler(self.constant(RAISED), "error", [ast.Raise(fault(caught), caught)])
        return ast.Try([ast.Return(node)], [handler], [], [])

    def _fresh(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"


def function(name: str, statements: Sequence[ast.stmt]) -> ast.FunctionDef:
    """`def name(row, env): statements`."""
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg("row"), ast.arg("env")], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    return ast.FunctionDef(name=name, args=arguments, body=list(statements), decorator_list=[])


def earlier(row: Mapping[str, Any], env: Env, name: str) -> object:
    """`$old.name`: the value before the change; on create, as for PRIORVALUE, the current one.

    Paths over links are no values of the record itself: who provides them puts them into the
    Env's globals, `"$old.account.name"`.
    """
    known = env.globals.get(_EARLIER + name, env)
    if known is not env:
        return known
    return (row if env.before is None else env.before)[name]


def _unreachable(name: str) -> object:
    raise FormulaError("the records behind {name} are at hand in a database only", name=name)


def _at(error: Exception, span: Span) -> FormulaError:
    """The error with its place, that of the innermost part which raised it."""
    fault = as_fault(error)
    fault.span = fault.span or span
    return fault


def is_none(node: ast.expr) -> ast.expr:
    """`node is None`, decided here for a constant: Python warns of `"a" is None`."""
    if isinstance(node, ast.Constant):
        return ast.Constant(node.value is None)
    return ast.Compare(node, [ast.Is()], [ast.Constant(None)])


def is_true(piece: Piece) -> Piece:
    """The piece as a test that is never null."""
    if not piece.null:
        return piece
    node = ast.Compare(piece.node, [ast.Is()], [ast.Constant(True)])
    return Piece(node=node, null=False, safe=piece.safe)


def either(nodes: Sequence[ast.expr]) -> ast.expr:
    """`a or b or …`"""
    return nodes[0] if len(nodes) == 1 else ast.BoolOp(ast.Or(), list(nodes))


def choose(test: ast.expr, first: ast.expr, second: ast.expr) -> ast.expr:
    """`first if test else second`."""
    return ast.IfExp(test, first, second)


def _both(tests: Sequence[ast.expr]) -> ast.expr:
    """Any of the tests, but all of them evaluated."""
    result = tests[0]
    for test in tests[1:]:
        result = ast.BinOp(result, ast.BitOr(), test)
    return result


def _env(wanted: bool) -> tuple[ast.expr, ...]:
    return (ast.Name("env", ast.Load()),) if wanted else ()


def _load(name: str) -> ast.expr:
    """`row[name]`, or for a global the Env's."""
    holder: ast.expr = ast.Name("row", ast.Load())
    if name.startswith("$"):
        holder = ast.Attribute(ast.Name("env", ast.Load()), "globals", ast.Load())
    return ast.Subscript(holder, ast.Constant(name), ast.Load())
