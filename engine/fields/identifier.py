"""A record's own id. Every object has it as a system field; documents do not declare it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from engine.codec import id_form
from engine.codes import NOT_AN_ID
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.ids import canonical_id
from engine.problem import Refusal
from formula.condition import EQUALITY, Operator
from formula.types import ID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from formula.types import Type


def read_id(raw: object) -> str | None:
    """Return input as a canonical id, None when blank.

    Raises:
        Refusal: it is no UUID.
    """
    if raw is None or raw == "":
        return None
    found = canonical_id(str(raw)) if isinstance(raw, (str, UUID)) else None
    if found is None:
        raise Refusal(NOT_AN_ID, "“{raw}” is not an id.", "Send the id of a record, a UUID.", raw=raw)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier(FieldType):
    """A UUID, as lower-case canonical text."""

    kind: ClassVar[str] = "id"
    widget: ClassVar[str] = "text"
    operators: ClassVar[tuple[Operator, ...]] = EQUALITY

    @property
    def type(self) -> Type:
        return ID

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        form = id_form(dialect)
        return (Stored(role="value", suffix="", type=form.type, encode=form.encode, decode=form.decode),)

    def convert(self, raw: object, zone: tzinfo | None = None) -> str | None:  # noqa: ARG002  (needs none)
        return read_id(raw)

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": "string", "format": "uuid"}


def bind(_options: Mapping[str, object]) -> Identifier:
    """Bind; there are no options."""
    return Identifier()


FIELD = Kind(name="id", schema=options_schema(), bind=bind)
