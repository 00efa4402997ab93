"""Several of the options which the document declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.many import MARKS, Many
from engine.fields.picklist import FIELD as PICKLIST

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiPicklist(Many):
    """The codes of the chosen options; a text parts them by commas or semicolons."""

    kind: ClassVar[str] = "multi_picklist"
    widget: ClassVar[str] = "multi_select"
    parting: ClassVar[re.Pattern[str]] = MARKS


def bind(options: Mapping[str, object]) -> MultiPicklist:
    """Bind to `options`: code → its properties, which are the metadata's business."""
    return MultiPicklist(of=PICKLIST.bind(options))


FIELD = Kind(name="multi_picklist", schema=options_schema("options", options={"type": "object"}), bind=bind)
