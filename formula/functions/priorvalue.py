"""PRIORVALUE: the field's value before the change."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from formula import shape
from formula.call import joined
from formula.emit import Piece
from formula.expr import Reference
from formula.functions import Function, Inline, Prose, Units, takes
from formula.scope import Need
from formula.sql.form import NEEDS_BEFORE
from formula.types import ANY

if TYPE_CHECKING:
    from formula.emit import Emitter
    from formula.expr import Call
    from formula.program import Env


def prior(env: Env, name: str, current: object) -> object:
    """The value of the record's own field `name` before the change."""
    return current if env.before is None else env.before[name]


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    field = call.arguments[0]
    assert isinstance(field, Reference)
    env = ast.Name("env", ast.Load())
    return Piece(node=emitter.invoke(prior, env, ast.Constant(field.name), parts[0].node), safe=True)


FUNCTION = Function(
    name="PRIORVALUE",
    category="logical",
    signatures=(takes(field=ANY, returns=joined),),
    prose=Prose(
        en="The field's value before the change; on create its current value.",
        zh="字段变更前的值；新建时为当前值。",
    ),
    examples=(
        ("PRIORVALUE(amount)", "1000"),
        ('ISPICKVAL(PRIORVALUE(stage), "proposal")', "true"),
        ("PRIORVALUE(reason)", "null"),
    ),
    python=Inline(build=_build),
    needs=Need.BEFORE,
    pure=False,
    check=shape.check_before,
    units=Units.KEEPS,
    sql=NEEDS_BEFORE,
)
