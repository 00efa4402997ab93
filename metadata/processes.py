"""Step of the compiler: the allowed moves of a picklist, of an object or of one of its record types."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from metadata import codes
from metadata.names import nearest
from metadata.record_type import Move, Process

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType, Option
    from metadata.draft import Draft
    from metadata.node import Node


def process(draft: Draft, object_: ObjectType, node: Node | None) -> Process | None:
    """The process in `node`; None when there is none, or its field is wrong (reported)."""
    at = None if node is None else node.get("field")
    if node is None or at is None:
        return None
    field = draft.field(object_, at)
    if field is None:
        return None
    if not field.options or field.many:
        draft.report(at, codes.NOT_A_PICKLIST, f"`{field.name}` is no picklist")
        return None
    moves = {}
    for code, move in node.entries("moves").items():
        made = _move(draft, object_, field, code, move)
        if made is not None:
            moves[code] = made
    return Process(field=field, moves=MappingProxyType(moves))


def _move(draft: Draft, object_: ObjectType, field: Field, code: str, node: Node) -> Move | None:
    to = option(draft, field, code, node)
    start = node.get("from")
    sources = [option(draft, field, item.text, item) for item in node.elements("from")]
    require = draft.fields(object_, node.get("require"))
    if to is None:
        return None
    known = tuple(option for option in sources if option is not None)
    return Move(to=to, sources=None if start is None else known, require=require)


def option(draft: Draft, field: Field, code: str, node: Node) -> Option | None:
    """The option of `field` with this code; None when there is none (reported at `node`)."""
    found = field.option(code)
    if found is None:
        hint = nearest(code, (known.code for known in field.options))
        message = f"`{field.name}` has no option `{code}`"
        draft.report(node, codes.UNKNOWN_OPTION, message, hint=hint, at_key=not node.text)
    return found
