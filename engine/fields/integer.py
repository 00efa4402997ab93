"""A whole number: counts, years, positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import MAX_DIGITS
from engine.fields.contract import Kind, options_schema
from engine.fields.many import listed
from engine.fields.numeric import LIMIT, WholeNumber, limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(WholeNumber):
    """A whole number of at most 18 digits."""

    kind: ClassVar[str] = "integer"
    widget: ClassVar[str] = "number"

    precision: int = MAX_DIGITS
    scale: int = 0
    min: Decimal | None = None
    max: Decimal | None = None


def bind(options: Mapping[str, object]) -> Integer:
    """Bind to `min` and `max`."""
    least, most = limits(options, MAX_DIGITS, 0)
    return Integer(min=least, max=most)


FIELD = listed(Kind(name="integer", schema=options_schema(min=LIMIT, max=LIMIT), bind=bind))
