"""A value that follows from other fields. Computed when read, so it has no column; unless it is `stored`.

Everything that depends on what it returns is left to the field type named by `returns`. A stored one is kept
right by the save (`engine/derived`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

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
from engine.fields.computed import Computed, kept
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.numeric import PRECISION, SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from engine.database import Dialect
    from formula.condition import Operator
    from formula.types import Type

RETURNS = {
    kind.FIELD.name: kind.FIELD
    for kind in (boolean, currency, date, datetime, duration, integer, long_text, number, percent, text, time)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula(Computed):
    """A computed field which looks like a field of the type `returns`, but cannot be written."""

    kind: ClassVar[str] = "formula"
    operators: ClassVar[tuple[Operator, ...]] = ()

    returns: FieldType
    kept: bool = False

    @property
    def type(self) -> Type:
        """What is computed when read keeps all its digits: the scale of `returns` bounds nothing."""
        return self.returns.type if self.kept else replace(self.returns.type, precision=None, scale=None)

    @property
    def nothing(self) -> Any:
        return self.returns.convert(None)

    @property
    def storage(self) -> str:
        return self.returns.storage

    @property
    def stored(self) -> bool:
        return self.kept

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        return kept(self.returns, dialect) if self.kept else ()

    def json(self, value: Any) -> Any:
        return self.returns.json(value) if self.kept else Computed.json(self, value)


def bind(options: Mapping[str, object]) -> Formula:
    """Bind to `returns`, to its `precision` and `scale`, and to whether the value is `stored`.

    The expression is the metadata's business.
    """
    kind = RETURNS[str(options["returns"])]
    known = kind.schema["properties"]
    own = {name: options[name] for name in ("precision", "scale") if name in options and name in known}
    return Formula(returns=kind.bind(own), kept=options.get("stored") is True)


FIELD = Kind(
    name="formula",
    schema=options_schema(
        "returns",
        "formula",
        returns={"enum": sorted(RETURNS), "description": "What kind of field the result is like."},
        formula={"type": "string", "description": "The expression."},
        stored={"type": "boolean", "description": "Kept, and computed anew when what it is made of changes."},
        precision=PRECISION,
        scale=SCALE,
        blanks={"enum": ["as_blank", "as_zero"], "description": "How blank numbers are read; as_blank."},
    ),
    bind=bind,
)
