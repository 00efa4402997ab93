"""The field `attachments` of an object with `features: [files]`: the files that people put on a record.

The compiler adds it to the fields of the platform, a list of files like any other: who may have them the
record and the field say, and its history keeps what was there before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from metadata.label import Label
from metadata.system import platform_field

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft

FEATURE = "files"
ATTACHMENTS = "attachments"
KIND = "file"
MAX_SIZE = 100 * 1024 * 1024
"""Bytes of one of them; an installation may allow less."""
LABEL = Label(texts={"en": "Attachments", "zh-CN": "附件", "zh-TW": "附件"})


def attachments_field(draft: Draft, object_: ObjectType) -> Field | None:
    """The field, or None where the object has no such feature, or nobody knows files."""
    kind = draft.kinds.fields.get(KIND)
    if FEATURE not in object_.features or kind is None:
        return None
    sort = kind.bind({"many": True, "max_size": MAX_SIZE})
    return replace(platform_field(object_, ATTACHMENTS, LABEL, sort), system=False)


def beside(field: Field) -> bool:
    """Whether a field is shown beside the record, and so in no section that nobody wrote."""
    return field.name == ATTACHMENTS and FEATURE in field.object.features
