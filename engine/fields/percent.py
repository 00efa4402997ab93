"""A percentage. People, forms and the API write 25; formulas and the database hold 0.25."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import MAX_DIGITS
from engine.fields.contract import Kind, options_schema
from engine.fields.many import listed
from engine.fields.numeric import LIMIT, SCALE, Numeric, bounded_schema, limits, read_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo
    from decimal import Decimal

    from engine.fields.contract import Codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Percent(Numeric):
    """A fraction; `scale`, `min` and `max` are the fraction's: a scale of 4 shows two decimals."""

    kind: ClassVar[str] = "percent"
    widget: ClassVar[str] = "percent"

    precision: int = MAX_DIGITS
    scale: int = 4
    min: Decimal | None = None
    max: Decimal | None = None

    def convert(self, raw: object, zone: tzinfo | None = None) -> Decimal | None:
        """Read 25, "25" or "25 %" as 0.25."""
        bare = raw.strip().removesuffix("%").removesuffix("％") if isinstance(raw, str) else raw
        written = read_number(bare)
        return None if written is None else Numeric.convert(self, written.scaleb(-2), zone)

    @property
    def shown(self) -> Codec:
        return lambda value: value.scaleb(2)

    @property
    def json_schema(self) -> dict[str, object]:
        return bounded_schema("number", self.json(self.min), self.json(self.max))


def bind(options: Mapping[str, object]) -> Percent:
    """Bind to `scale` (decimals of the percentage), `min` and `max` (percentages)."""
    scale = int(str(options.get("scale", 2))) + 2
    least, most = (
        None if limit is None else limit.scaleb(-2) for limit in limits(options, MAX_DIGITS, scale)
    )
    return Percent(scale=scale, min=least, max=most)


FIELD = listed(Kind(name="percent", schema=options_schema(scale=SCALE, min=LIMIT, max=LIMIT), bind=bind))
