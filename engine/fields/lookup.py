"""A link to a record of another object, or of the same. Whether it exists is for the save to find out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import id_form
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.identifier import read_id
from formula.condition import EQUALITY, Operator
from formula.types import Kind as FormulaKind
from formula.types import Type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(FieldType):
    """The id of a record of the object named `to`."""

    kind: ClassVar[str] = "lookup"
    widget: ClassVar[str] = "lookup"
    operators: ClassVar[tuple[Operator, ...]] = EQUALITY

    to: str

    @property
    def type(self) -> Type:
        return Type(kind=FormulaKind.ID, target=self.to)

    @property
    def target(self) -> str:
        return self.to

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        form = id_form(dialect)
        return (Stored(role="value", suffix="", type=form.type, encode=form.encode, decode=form.decode),)

    def convert(self, raw: object, zone: tzinfo | None = None) -> str | None:  # noqa: ARG002  (needs none)
        return read_id(raw)

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "format": "uuid"}


def bind(options: Mapping[str, object]) -> Lookup:
    """Bind to `to`, the name of the object; what happens on deletion is the metadata's business."""
    return Lookup(to=str(options["to"]))


FIELD = Kind(
    name="lookup",
    schema=options_schema(
        "to",
        to={"type": "string", "description": "The object whose records it links to."},
        on_delete={"enum": ["restrict", "set_null", "cascade"], "description": "When that is deleted."},
    ),
    bind=bind,
)
