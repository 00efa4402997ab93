"""Yes or no. Never blank: what was not said is no."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from engine.codec import boolean_form
from engine.codes import NOT_A_BOOLEAN
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.problem import Refusal
from formula.condition import Operator
from formula.types import BOOLEAN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from formula.types import Type

_WORDS = {
    **dict.fromkeys(("true", "yes", "y", "on", "1", "是"), True),
    **dict.fromkeys(("", "false", "no", "n", "off", "0", "否"), False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Boolean(FieldType):
    """True or false."""

    kind: ClassVar[str] = "boolean"
    widget: ClassVar[str] = "checkbox"
    operators: ClassVar[tuple[Operator, ...]] = (Operator.EQUAL, Operator.NOT_EQUAL)

    @property
    def type(self) -> Type:
        return BOOLEAN

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        form = boolean_form(dialect)
        no = "0" if dialect.sqlite else "false"
        value = Stored(role="value", suffix="", type=form.type, encode=form.encode, decode=form.decode)
        return (replace(value, server_default=no),)

    def convert(self, raw: object, zone: tzinfo | None = None) -> bool:  # noqa: ARG002  (needs none)
        found = _read(raw)
        if found is None:
            raise Refusal(NOT_A_BOOLEAN, "“{raw}” is neither true nor false.", "Send true or false.", raw=raw)
        return found

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": "boolean"}


def _read(raw: object) -> bool | None:
    if raw is None:
        return False
    if isinstance(raw, str):
        return _WORDS.get(raw.strip().lower())
    return bool(raw) if isinstance(raw, int) and raw in (0, 1) else None


def bind(_options: Mapping[str, object]) -> Boolean:
    """Bind; there are no options."""
    return Boolean()


FIELD = Kind(name="boolean", schema=options_schema(), bind=bind)
