"""Python code for what is lazy: branches, gates, and picking by label."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from formula.emit import Piece, choose, is_none, is_true
from formula.fault import RAISED

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.emit import Emitter
    from formula.expr import Call


def gate(operator: ast.boolop) -> Callable[[Emitter, Call, tuple[Piece, ...]], Piece]:
    """AND or OR: null counts as false, and what cannot matter any more is not evaluated."""

    def build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
        safe = all(part.safe for part in parts)
        nodes = [part.node for part in parts]
        whole = nodes[0] if len(nodes) == 1 else ast.BoolOp(operator, nodes)
        return is_true(Piece(node=whole, null=any(part.null for part in parts), safe=safe))

    return build


def either_branch(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    """IF: a null condition counts as false."""
    test, first, second = parts
    node = choose(test.node, first.node, second.node)
    return Piece(node=node, null=first.null or second.null, safe=all(part.safe for part in parts))


def default(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    """The first value, or the second where the first is null."""
    value, substitute = parts
    kept, again = emitter.keep(value.node)
    node = choose(is_none(kept), substitute.node, again)
    return Piece(node=node, null=substitute.null, safe=value.safe and substitute.safe)


def is_blank(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    """Whether the value is null, which the empty text is too."""
    return Piece(node=is_none(parts[0].node), null=False, safe=parts[0].safe)


def pick(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    """CASE: the result of the first label equal to the value; null equals no label."""
    value, *pairs, otherwise = parts
    key = ast.Name("key", ast.Load())
    statements: list[ast.stmt] = [ast.Assign([ast.Name("key", ast.Store())], value.node)]
    tests: list[ast.stmt] = []
    for label, result in zip(pairs[::2], pairs[1::2], strict=True):
        tests.append(ast.If(ast.Compare(key, [ast.Eq()], [label.node]), [ast.Return(result.node)], []))
    known = ast.Compare(key, [ast.IsNot()], [ast.Constant(None)])
    statements += [ast.If(known, tests, []), ast.Return(otherwise.node)]
    null = otherwise.null or any(result.null for result in pairs[1::2])
    return Piece(node=emitter.block(statements), null=null, safe=all(part.safe for part in parts))


def first_true(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    """IFS: the result of the first true condition; null counts as false."""
    *pairs, otherwise = parts
    chosen: list[ast.stmt] = [
        ast.If(test.node, [ast.Return(result.node)], [])
        for test, result in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    null = otherwise.null or any(result.null for result in pairs[1::2])
    node = emitter.block([*chosen, ast.Return(otherwise.node)])
    return Piece(node=node, null=null, safe=all(part.safe for part in parts))


def rescue(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    """IFERROR: the second value where the first is an error."""
    value, substitute = parts
    handler = ast.ExceptHandler(emitter.constant(RAISED), None, [ast.Return(substitute.node)])
    attempt = ast.Try([ast.Return(value.node)], [handler], [], [])
    null = value.null or substitute.null
    return Piece(node=emitter.block([attempt]), null=null, safe=substitute.safe)
