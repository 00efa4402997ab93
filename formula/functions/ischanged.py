"""ISCHANGED: whether the field's value differs from the one before the change."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from formula import shape
from formula.emit import Piece
from formula.expr import Reference
from formula.functions import Function, Inline, Prose, takes
from formula.scope import Need
from formula.sql.form import NEEDS_BEFORE
from formula.types import ANY, BOOLEAN

if TYPE_CHECKING:
    from formula.emit import Emitter
    from formula.expr import Call
    from formula.program import Env


def _is_changed(env: Env, name: str, current: object) -> bool:
    return env.before is not None and env.before[name] != current


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    field = call.arguments[0]
    assert isinstance(field, Reference)
    env = ast.Name("env", ast.Load())
    node = emitter.invoke(_is_changed, env, ast.Constant(field.name), parts[0].node)
    return Piece(node=node, null=False, safe=True)


FUNCTION = Function(
    name="ISCHANGED",
    category="logical",
    signatures=(takes(field=ANY, returns=BOOLEAN),),
    prose=Prose(
        en="Whether the field's value differs from the one before the change; false on create.",
        zh="字段值与变更前是否不同；新建时为假。",
    ),
    examples=(
        ("ISCHANGED(amount)", "true"),
        ("ISCHANGED(stage)", "false"),
        ("ISCHANGED(reason)", "false"),
    ),
    python=Inline(build=_build),
    needs=Need.BEFORE,
    pure=False,
    check=shape.check_before,
    sql=NEEDS_BEFORE,
)
