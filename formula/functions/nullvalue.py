"""NULLVALUE: the value, or the substitute where it is null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import branch, shape
from formula.call import joined
from formula.emit import Piece
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import choice
from formula.sql.form import both
from formula.types import PLAIN, Kind

if TYPE_CHECKING:
    from formula.emit import Emitter
    from formula.expr import Call


def _first(value: str | None, _: object) -> str | None:
    return value


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    if call.type.kind is not Kind.TEXT:
        return branch.default(emitter, call, parts)
    value, substitute = parts
    node = emitter.invoke(_first, value.node, substitute.node)
    return Piece(node=node, null=value.null, safe=value.safe and substitute.safe)


FUNCTION = Function(
    name="NULLVALUE",
    category="logical",
    signatures=(takes(value=PLAIN, substitute=PLAIN, returns=joined),),
    prose=Prose(
        en="The value, or the substitute where it is null. Never replaces a text; BLANKVALUE does.",
        zh="值为 null 时取替代值；文本从不替换，请改用 BLANKVALUE。",
    ),
    examples=(
        ("NULLVALUE(close_date, DATE(2026, 1, 1))", "DATE(2026, 1, 1)"),
        ('NULLVALUE(reason, "none")', "null"),
    ),
    python=Inline(build=_build),
    check=shape.check_default,
    units=Units.CHOOSES,
    sql=both(choice.NULLVALUE),
)
