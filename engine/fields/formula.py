"""A value that follows from other fields. Computed when read, so it has no column.

Everything that depends on what it returns is left to the field type named by `returns`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from engine.codes import COMPUTED
from engine.fields import (
    boolean,
    currency,
    date,
    datetime,
    duration,
    integer,
    long_text,
    number,
    percent,
    text,
    time,
)
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.numeric import PRECISION, SCALE
from engine.problem import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from engine.fields.contract import Codec
    from formula.condition import Operator
    from formula.types import Type

RETURNS = {
    kind.FIELD.name: kind.FIELD
    for kind in (boolean, currency, date, datetime, duration, integer, long_text, number, percent, text, time)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula(FieldType):
    """A computed field which looks like a field of the type `returns`, but cannot be written."""

    kind: ClassVar[str] = "formula"
    widget: ClassVar[str] = "computed"
    operators: ClassVar[tuple[Operator, ...]] = ()

    returns: FieldType

    @property
    def type(self) -> Type:
        """What is computed keeps all its digits: the scale of `returns` bounds nothing."""
        return replace(self.returns.type, precision=None, scale=None)

    @property
    def stored(self) -> bool:
        return False

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:  # noqa: ARG002  (the same for both: none)
        return ()

    def convert(self, raw: object, zone: tzinfo | None = None) -> Any:  # noqa: ARG002  (takes none)
        raise Refusal(COMPUTED, "The value is computed and cannot be set.", "Leave the field out.")

    def fit(self, value: Any) -> Any:
        return self.returns.fit(value)

    @property
    def shown(self) -> Codec | None:
        return self.returns.shown

    @property
    def json_schema(self) -> dict[str, object]:
        return {**self.returns.json_schema, "readOnly": True}


def bind(options: Mapping[str, object]) -> Formula:
    """Bind to `returns`, and to its `precision` and `scale`; the expression is the metadata's business."""
    kind = RETURNS[str(options["returns"])]
    known = kind.schema["properties"]
    own = {name: options[name] for name in ("precision", "scale") if name in options and name in known}
    return Formula(returns=kind.bind(own))


FIELD = Kind(
    name="formula",
    schema=options_schema(
        "returns",
        "formula",
        returns={"enum": sorted(RETURNS), "description": "What kind of field the result is like."},
        formula={"type": "string", "description": "The expression."},
        precision=PRECISION,
        scale=SCALE,
        blanks={"enum": ["as_blank", "as_zero"], "description": "How blank numbers are read; as_blank."},
    ),
    bind=bind,
)
