"""ABS: the number without its sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.functions import Function, Parameter, Prose, Signature, Strict
from formula.sql import rounding
from formula.sql.form import both
from formula.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from formula.expr import Expr


def _same(arguments: Sequence[Expr]) -> Type:
    return arguments[0].type


def abs_of(x: Decimal) -> Decimal:
    """`|x|`, every digit kept."""
    return x.copy_abs()


FUNCTION = Function(
    name="ABS",
    category="math",
    signatures=(Signature(parameters=(Parameter(name="number", kinds=(Kind.NUMBER,)),), result=_same),),
    prose=Prose(en="The number without its sign.", zh="绝对值。"),
    examples=(("ABS(-2.5)", "2.5"),),
    python=Strict(call=abs_of),
    sql=both(rounding.ABS),
)
