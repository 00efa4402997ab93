"""NOT, written `!` too."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from formula.functions import Function, Inline, Prose, takes
from formula.sql import logic
from formula.sql.form import both
from formula.types import BOOLEAN

if TYPE_CHECKING:
    from formula.emit import Emitter, Piece
    from formula.expr import Call


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    return emitter.strict(parts, lambda value: ast.UnaryOp(ast.Not(), value), safe=True)


FUNCTION = Function(
    name="NOT",
    category="logical",
    signatures=(takes(condition=BOOLEAN, returns=BOOLEAN),),
    prose=Prose(en="The opposite; of null it is null.", zh="取反；null 取反仍为 null。"),
    examples=(("NOT(false)", "true"), ("!(1 = 1)", "false"), ("NOT(amount < null)", "null")),
    python=Inline(build=_build),
    sql=both(logic.NOT),
)
