"""unary -: the number with the other sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import number
from formula.functions import Function, Parameter, Prose, Signature, Strict
from formula.sql import operator
from formula.sql.form import both
from formula.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.expr import Expr


def _same(arguments: Sequence[Expr]) -> Type:
    return arguments[0].type


FUNCTION = Function(
    name="unary -",
    category="operator",
    signatures=(Signature(parameters=(Parameter(name="value", kinds=(Kind.NUMBER,)),), result=_same),),
    prose=Prose(en="The number with the other sign.", zh="取相反数。"),
    examples=(
        ("-(2 + 3)", "0 - 5"),
        ("-amount", "0 - 1200.5"),
    ),
    python=Strict(call=number.negate),
    sql=both(operator.NEGATE),
)
