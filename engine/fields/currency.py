"""An amount of money in the record's currency, with a stored companion in the company's."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from engine.codec import MAX_DIGITS, number_form
from engine.fields.contract import Kind, Stored, options_schema
from engine.fields.numeric import LIMIT, PRECISION, SCALE, Numeric, limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from engine.database import Dialect
    from formula.types import Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency(Numeric):
    """An exact amount; `amount.company` has the same scale."""

    kind: ClassVar[str] = "currency"
    widget: ClassVar[str] = "money"

    precision: int = MAX_DIGITS
    scale: int = 2
    min: Decimal | None = None
    max: Decimal | None = None

    @property
    def parts(self) -> Mapping[str, Type]:
        return MappingProxyType({"company": self.type})

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        form = number_form(dialect, self.scale)
        company = Stored(
            role="part",
            part="company",
            suffix="__company",
            type=form.type,
            encode=form.encode,
            decode=form.decode,
        )
        return (*Numeric.columns(self, dialect), company)


def bind(options: Mapping[str, object]) -> Currency:
    """Bind to `precision` and `scale` (digits), `min` and `max`."""
    precision, scale = int(str(options.get("precision", MAX_DIGITS))), int(str(options.get("scale", 2)))
    least, most = limits(options, precision, scale)
    return Currency(precision=precision, scale=scale, min=least, max=most)


FIELD = Kind(
    name="currency",
    schema=options_schema(precision=PRECISION, scale=SCALE, min=LIMIT, max=LIMIT),
    bind=bind,
)
