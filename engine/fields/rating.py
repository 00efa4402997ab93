"""A rating in stars, from one up to the most that the field allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.numeric import WholeNumber

if TYPE_CHECKING:
    from collections.abc import Mapping

_STARS = 5
_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating(WholeNumber):
    """A whole number of stars; no star is no rating, which is blank."""

    kind: ClassVar[str] = "rating"
    widget: ClassVar[str] = "rating"

    precision: int = 2
    scale: int = 0
    min: Decimal = Decimal(1)
    max: Decimal = Decimal(_STARS)


def bind(options: Mapping[str, object]) -> Rating:
    """Bind to `max` (stars)."""
    return Rating(max=Decimal(str(options.get("max", _STARS))))


FIELD = Kind(
    name="rating",
    schema=options_schema(
        max={"type": "integer", "minimum": 2, "maximum": _MOST, "description": "Stars at most; 5."},
    ),
    bind=bind,
)
