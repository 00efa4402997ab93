"""*: multiplies numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import number
from formula.functions import Function, Inline, Prose, Units, takes
from formula.sql import operator
from formula.sql.form import both
from formula.types import NUMBER, Type, product_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.emit import Emitter, Piece
    from formula.expr import Call, Expr


def _product(arguments: Sequence[Expr]) -> Type:
    result = arguments[0].type
    for argument in arguments[1:]:
        result = product_type(result, argument.type)
    return result


def _build(emitter: Emitter, call: Call, parts: tuple[Piece, ...]) -> Piece:  # noqa: ARG001
    return emitter.chain(parts, number.multiply)


FUNCTION = Function(
    name="*",
    category="operator",
    signatures=(takes(left=NUMBER, right=NUMBER, repeats=True, returns=_product),),
    prose=Prose(en="Multiplies numbers.", zh="数字相乘。"),
    examples=(
        ("3 * 0.5", "1.5"),
        ("amount * null", "null"),
        ("amount * (10 ^ 8) ^ 8 * (10 ^ 8) ^ 8", "#Error!"),
    ),
    python=Inline(build=_build),
    chains=True,
    units=Units.MULTIPLIES,
    sql=both(operator.MULTIPLY),
)
