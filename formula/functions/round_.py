"""ROUND: rounds to a number of decimal places, halves away from zero."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from formula import number
from formula.expr import Literal
from formula.functions import Function, Inline, Prose, Units, optional, takes
from formula.sql import rounding
from formula.sql.form import both
from formula.types import NUMBER, Type
from formula.types import number as bounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.emit import Emitter, Piece
    from formula.expr import Call, Expr


def _rounded(arguments: Sequence[Expr]) -> Type:
    value = arguments[0].type
    digits = arguments[1] if len(arguments) > 1 else None
    places = digits.value if isinstance(digits, Literal) else 0 if digits is None else None
    if value.precision is None or value.scale is None or not isinstance(places, Decimal | int):
        return NUMBER
    scale = max(0, int(places))
    return bounded(value.precision - value.scale + 1 + scale, scale)


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:
    digits = call.arguments[1] if len(parts) > 1 else None
    places = digits.value if isinstance(digits, Literal) else Decimal(0)
    if digits is not None and not (isinstance(digits, Literal) and isinstance(places, Decimal)):
        return emitter.strict(parts, lambda *nodes: emitter.invoke(number.rounded, *nodes))
    assert isinstance(places, Decimal)
    unit = emitter.constant(number.quantum(places))
    return emitter.strict(parts[:1], lambda value: emitter.invoke(number.quantize_half_up, value, unit))


FUNCTION = Function(
    name="ROUND",
    category="math",
    signatures=(takes(number=NUMBER, digits=optional(NUMBER), returns=_rounded),),
    prose=Prose(
        en="Rounds to a number of decimal places, halves away from zero; -2 rounds to hundreds.",
        zh="四舍五入到指定小数位；负数位数表示十位、百位等。",
    ),
    examples=(
        ("ROUND(2.5, 0)", "3"),
        ("ROUND(-2.5)", "0 - 3"),
        ("ROUND(1234.567, 2)", "1234.57"),
        ("ROUND(1250, -2)", "1300"),
        ("ROUND(discount, 2)", "null"),
    ),
    python=Inline(build=_build),
    units=Units.KEEPS,
    sql=both(rounding.ROUND),
    inner=(number.rounded,),
)
