"""What all number types share: reading, limits, exact columns. A base of types, itself none.

Numbers are Decimals with exactly the field's scale; never a float. Input with more decimals is refused, not
rounded: nobody's cents disappear silently. A computed value is rounded half away from zero.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, ClassVar

from engine.codec import MAX_DIGITS, number_form
from engine.codes import NOT_A_NUMBER, TOO_LARGE, TOO_PRECISE, TOO_SMALL, WRONG_KIND
from engine.fields.contract import FieldType, Stored, spoken
from engine.problem import Refusal
from formula.condition import ORDERED, Operator
from formula.types import number
from metadata.kinds import BadOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from formula.types import Type

LIMIT = {"type": "number", "description": "The least or greatest value, included."}
SCALE = {"type": "integer", "minimum": 0, "maximum": 9, "description": "Decimals kept; 2."}
PRECISION = {"type": "integer", "minimum": 1, "maximum": MAX_DIGITS, "description": "Digits at most; 18."}

_LITERAL = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?([eE][+-]?\d{1,2})?")
_HUGE = Decimal(10) ** 40  # beyond it, rounding would need more digits than there are
_REACH = 1000  # powers of ten beyond which arithmetic itself gives up; nobody's number
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


class Numeric(FieldType):
    """A number of at most `precision` digits, `scale` of them decimals, between `min` and `max`."""

    __slots__ = ()

    operators: ClassVar[tuple[Operator, ...]] = ORDERED

    precision: int
    scale: int
    min: Decimal | None
    max: Decimal | None

    @property
    def type(self) -> Type:
        return number(self.precision, self.scale)

    @property
    def storage(self) -> str:
        return f"{self.kind} with {self.scale} decimals"

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        form = number_form(dialect, self.scale)
        return (Stored(role="value", suffix="", type=form.type, encode=form.encode, decode=form.decode),)

    def convert(self, raw: object, zone: tzinfo | None = None) -> Decimal | None:  # noqa: ARG002  (needs none)
        read = read_number(raw)
        if read is None:
            return None
        kept = self._rounded(read)
        if kept != read:
            hint = "Round it to {kept}." if self.scale else "Send a whole number such as {kept}."
            message = "{read} has more than {scale} decimals."
            raise Refusal(TOO_PRECISE, message, hint, read=read, kept=kept, scale=self.scale)
        return self.within(kept)

    def fit(self, value: Decimal | None) -> Decimal | None:
        return None if value is None else self.within(self._rounded(value))

    def _rounded(self, value: Decimal) -> Decimal:
        return value if abs(value) > _HUGE else value.quantize(Decimal(1).scaleb(-self.scale), context=_WIDE)

    def within(self, value: Decimal) -> Decimal:
        """Return `value` if it respects the limits and the digits, else raise `Refusal`."""
        reach = Decimal(10) ** (self.precision - self.scale)
        if self.min is not None and value < self.min:
            raise Refusal(
                TOO_SMALL,
                "{value} is less than {least}.",
                "The least is {least}.",
                value=value,
                least=self.min,
            )
        if self.max is not None and value > self.max:
            raise Refusal(
                TOO_LARGE, "{value} is more than {most}.", "The most is {most}.", value=value, most=self.max
            )
        if abs(value) >= reach:
            digits = self.precision - self.scale
            code = TOO_LARGE if value > 0 else TOO_SMALL
            message = "{value:.6g} has more than {digits} digits before the point."
            raise Refusal(code, message, "Correct the number.", value=value, digits=digits)
        return value

    @property
    def json_schema(self) -> dict[str, object]:
        return bounded_schema("number", self.min, self.max)


class WholeNumber(Numeric):
    """A number without decimals, which JSON shows as an integer."""

    __slots__ = ()

    @property
    def storage(self) -> str:
        return "number with 0 decimals"

    def json(self, value: Decimal | None) -> int | None:
        return None if value is None else int(value)

    @property
    def json_schema(self) -> dict[str, object]:
        return bounded_schema("integer", self.min, self.max)


def bounded_schema(kind: str, least: Decimal | None, most: Decimal | None) -> dict[str, object]:
    """Return the JSON Schema of a number of `kind` between two limits, each of which may be absent."""
    bounds = {"minimum": least, "maximum": most}
    return {"type": [kind, "null"], **{name: bound for name, bound in bounds.items() if bound is not None}}


def read_number(raw: object) -> Decimal | None:
    """Return input as an exact, finite Decimal, None when blank.

    A float is taken for what it prints as (JSON readers make 0.1 a float). Text may group thousands by commas
    and use full-width digits.

    Raises:
        Refusal: it is no number.
    """
    match raw:
        case None:
            return None
        case bool():
            raise Refusal(WRONG_KIND, "Expected a number, not true or false.", "Send a number.")
        case int() | Decimal():
            found = Decimal(raw)
        case float():
            found = Decimal(repr(raw))
        case str():
            return _read_text(raw)
        case _:
            raise Refusal(WRONG_KIND, "Expected a number, not {kind}.", "Send a number.", kind=spoken(raw))
    if not found.is_finite() or abs(found.adjusted()) > _REACH:
        raise Refusal(
            NOT_A_NUMBER, "{found} is not a number one can store.", "Send a finite number.", found=found
        )
    return found


def _read_text(raw: str) -> Decimal | None:
    text = unicodedata.normalize("NFKC", raw).strip().replace("\N{MINUS SIGN}", "-")
    if not text:
        return None
    try:
        if not _LITERAL.fullmatch(text):
            raise InvalidOperation
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Refusal(NOT_A_NUMBER, "“{raw}” is not a number.", "Write it like 1234.56.", raw=raw) from None


def limits(
    options: Mapping[str, object], precision: int, scale: int
) -> tuple[Decimal | None, Decimal | None]:
    """Return `min` and `max` of a document's options as exact numbers.

    Raises:
        BadOptionError: they exclude each other, or `scale` leaves no room in `precision`.
    """
    least, most = read_number(options.get("min")), read_number(options.get("max"))
    if scale > precision:
        message = f"A number of {precision} digits cannot have {scale} decimals."
        raise BadOptionError("scale", message, "Lower scale.")
    if least is not None and most is not None and least > most:
        raise BadOptionError("min", f"The minimum {least} is above the maximum {most}.", "Swap them.")
    return least, most
