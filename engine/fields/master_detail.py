"""A link from a part to the whole it belongs to, as an order line to its order.

The part must have it, dies and comes back with it, has its owner and department, and is accessible as it is
(`docs/decisions/015-parts-are-controlled-by-their-parent.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.lookup import Lookup

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterDetail(Lookup):
    """The id of the parent; `reparent` lets a part move to another one."""

    kind: ClassVar[str] = "master_detail"

    reparent: bool = False

    @property
    def storage(self) -> str:
        return Lookup.kind

    @property
    def owned(self) -> bool:
        return True

    @property
    def fixed(self) -> bool:
        return not self.reparent


def bind(options: Mapping[str, object]) -> MasterDetail:
    """Bind to `to`, the name of the parent's object, and `reparent`."""
    return MasterDetail(to=str(options["to"]), reparent=bool(options.get("reparent", False)))


FIELD = Kind(
    name="master_detail",
    schema=options_schema(
        "to",
        to={"type": "string", "description": "The object of the parent. Records are deleted with it."},
        reparent={"type": "boolean", "description": "Whether a record may move to another parent; false."},
    ),
    bind=bind,
)
