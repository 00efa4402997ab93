"""Links to several records of another object, or of the same. Whether they exist the save finds out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.lookup import Lookup
from engine.fields.many import Many

if TYPE_CHECKING:
    from collections.abc import Mapping

_GAPS = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyToMany(Many):
    """The ids of records of one object."""

    kind: ClassVar[str] = "many_to_many"
    widget: ClassVar[str] = "multi_lookup"
    parting: ClassVar[re.Pattern[str]] = _GAPS


def bind(options: Mapping[str, object]) -> ManyToMany:
    """Bind to `to`, the name of the object; what happens on deletion is the metadata's business."""
    return ManyToMany(of=Lookup(to=str(options["to"])))


FIELD = Kind(
    name="many_to_many",
    schema=options_schema(
        "to",
        to={"type": "string", "description": "The object whose records it links to."},
        on_delete={
            "enum": ["restrict", "set_null"],
            "description": "When one of them is deleted: refuse, or take it off the list; set_null.",
        },
    ),
    bind=bind,
)
