"""ISPICKVAL: whether the picklist has this option."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from formula import shape
from formula.emit import Piece
from formula.functions import Function, Inline, Prose, takes
from formula.sql import comparison
from formula.sql.form import both
from formula.types import BOOLEAN, PICKLIST, TEXT

if TYPE_CHECKING:
    from formula.emit import Emitter
    from formula.expr import Call


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    node = ast.Compare(parts[0].node, [ast.Eq()], [parts[1].node])
    return Piece(node=node, null=False, safe=parts[0].safe)


FUNCTION = Function(
    name="ISPICKVAL",
    category="text",
    signatures=(takes(picklist=PICKLIST, option=TEXT, returns=BOOLEAN),),
    prose=Prose(
        en='Whether the picklist has this option; "" asks whether it is blank.',
        zh='选项字段是否为该选项；"" 表示是否为空。',
    ),
    examples=(('ISPICKVAL(stage, "proposal")', "true"), ('ISPICKVAL(stage, "")', "false")),
    python=Inline(build=_build),
    check=shape.check_ispickval,
    sql=both(comparison.form("=")),
)
