"""ISNULL: whether a value is null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import branch
from formula.emit import Piece
from formula.functions import Function, Inline, Prose, takes
from formula.sql import choice
from formula.sql.form import both
from formula.types import BOOLEAN, PLAIN, Kind

if TYPE_CHECKING:
    from formula.emit import Emitter
    from formula.expr import Call


def _never(_: object) -> bool:
    return False


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    if call.arguments[0].type.kind is not Kind.TEXT:
        return branch.is_blank(emitter, call, parts)
    return Piece(node=emitter.invoke(_never, parts[0].node), null=False, safe=parts[0].safe)


FUNCTION = Function(
    name="ISNULL",
    category="logical",
    signatures=(takes(value=(*PLAIN, Kind.PICKLIST, Kind.MULTIPICKLIST), returns=BOOLEAN),),
    prose=Prose(
        en="Whether a value is null; a text never is. Use ISBLANK instead.",
        zh="值是否为 null；文本永远不是。请改用 ISBLANK。",
    ),
    examples=(
        ("ISNULL(close_date)", "true"),
        ("ISNULL(reason)", "false"),
        ("ISNULL(stage)", "false"),
        ("ISNULL(tags)", "true"),
        ("ISNULL(account)", "true"),
    ),
    python=Inline(build=_build),
    sql=both(choice.ISNULL),
)
