"""SUBSTITUTE: the text with every occurrence of one text replaced by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import prose
from formula.emit import Piece
from formula.functions import Function, Inline, Prose, takes
from formula.sql import text
from formula.sql.form import both
from formula.types import TEXT

if TYPE_CHECKING:
    from formula.emit import Emitter
    from formula.expr import Call


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    return Piece(node=emitter.invoke(_substitute, *(part.node for part in parts)))


def _substitute(text: str | None, old: str | None, new: str | None) -> str | None:
    return None if text is None else prose.substitute(text, old, new)


FUNCTION = Function(
    name="SUBSTITUTE",
    category="text",
    signatures=(takes(text=TEXT, old=TEXT, new=TEXT, returns=TEXT),),
    prose=Prose(
        en="The text with every occurrence of one text replaced by another.",
        zh="把文本中的旧文本全部替换为新文本。",
    ),
    examples=(('SUBSTITUTE("a-b-c", "-", "+")', '"a+b+c"'), ('SUBSTITUTE("aaa", "a", "")', "null")),
    python=Inline(build=_build),
    sql=both(text.SUBSTITUTE),
    inner=(prose.substitute,),
)
