"""The field `number` of an object whose document says `number: "OPP-{YYYY}-{00000}"`.

The compiler adds it to the platform's fields: read-only, unique and searchable. A document that wants to call
it otherwise declares the field `number` itself, with the same pattern.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from metadata import codes
from metadata.kinds import BadOptionError
from metadata.label import Label
from metadata.system import platform_field

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft
    from metadata.node import Node

NUMBER = "number"
KIND = "auto_number"
LABEL = Label(texts={"en": "Number", "zh-CN": "编号", "zh-TW": "編號"})


def number_field(draft: Draft, object_: ObjectType) -> Field | None:
    """The field, or None where the object has no numbers or the pattern is none (reported)."""
    if object_.number is None:
        return None
    try:
        sort = draft.kinds.fields[KIND].bind(
            {"pattern": object_.number, "gap_free": is_gap_free(draft, object_)}
        )
    except BadOptionError as error:
        node = draft.documents[object_.name].root.walk("number")
        draft.report(node, codes.BAD_OPTION, error.message, hint=error.hint)
        draft.damaged.add(f"{object_.name}.{NUMBER}")
        return None
    return replace(platform_field(object_, NUMBER, LABEL, sort), unique=True, searchable=True)


def is_gap_free(draft: Draft, object_: ObjectType) -> bool:
    """Whether the document asks that no number be missing."""
    return draft.documents[object_.name].root.walk("number").flag("gap_free")


def pattern_of(root: Node) -> str | None:
    """The pattern in `number:`, which is it or has it."""
    return root.string("number") or root.walk("number").string("pattern") or None


def same_number(draft: Draft, object_: ObjectType, name: str, node: Node) -> bool:
    """Whether a field that a document declares may stand beside `number:`; reports why not."""
    if name != NUMBER or object_.number is None:
        return True
    alike = node.flag("gap_free") is is_gap_free(draft, object_)
    if node.string("type") == KIND and node.string("pattern") == object_.number and alike:
        return True
    message = f"`number: {object_.number}` adds this field with that pattern"
    hint = f"Declare it as {KIND} with the same pattern, to call it otherwise, or take `number:` out."
    draft.report(node, codes.RESERVED_NAME, message, hint=hint, at_key=True)
    return False
