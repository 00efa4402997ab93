"""A number with a fixed count of decimals: quantities, weights, rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import MAX_DIGITS
from engine.fields.contract import Kind, options_schema
from engine.fields.many import listed
from engine.fields.numeric import LIMIT, PRECISION, SCALE, Numeric, limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Numeric):
    """An exact decimal."""

    kind: ClassVar[str] = "number"
    widget: ClassVar[str] = "number"

    precision: int = MAX_DIGITS
    scale: int = 2
    min: Decimal | None = None
    max: Decimal | None = None

    @property
    def storage(self) -> str:
        return f"number with {self.scale} decimals"


def bind(options: Mapping[str, object]) -> Number:
    """Bind to `precision` and `scale` (digits), `min` and `max`."""
    precision, scale = int(str(options.get("precision", MAX_DIGITS))), int(str(options.get("scale", 2)))
    least, most = limits(options, precision, scale)
    return Number(precision=precision, scale=scale, min=least, max=most)


FIELD = listed(
    Kind(
        name="number",
        schema=options_schema(precision=PRECISION, scale=SCALE, min=LIMIT, max=LIMIT),
        bind=bind,
    )
)
