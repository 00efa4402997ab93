"""Roots, logarithms, exponentials and angles, each to 15 significant digits.

Angles are radians and go through binary floats, as in every spreadsheet: `SIN(PI())` is nearly zero.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TYPE_CHECKING

from formula.fault import FormulaError
from formula.number import significant

if TYPE_CHECKING:
    from collections.abc import Callable

# The digits beyond 15 decide the rounding, which so happens once.
_WIDE = Context(prec=60, Emin=-512, Emax=512, traps=[DivisionByZero, InvalidOperation, Overflow])
PI = Decimal("3.14159265358979")
GREATEST_EXPONENT = 294
"""EXP of more is beyond 1E128; below its negative it is 0."""


def pi() -> Decimal:
    """The ratio of a circle's circumference to its diameter."""
    return PI


def square_root(x: Decimal) -> Decimal:
    """The root; FormulaError for a negative number."""
    if x < 0:
        raise FormulaError("a negative number has no square root")
    return significant(_WIDE.sqrt(x))


def exponential(x: Decimal) -> Decimal:
    """`e ^ x`; FormulaError where it is beyond 1E128."""
    if x > GREATEST_EXPONENT:
        raise FormulaError("the number is too large")
    return significant(_WIDE.exp(x)) if x >= -GREATEST_EXPONENT else Decimal(0)


def natural_logarithm(x: Decimal) -> Decimal:
    """The logarithm to base e; FormulaError for what is not positive."""
    return significant(_WIDE.ln(_positive(x)))


def decimal_logarithm(x: Decimal) -> Decimal:
    """The logarithm to base 10; FormulaError for what is not positive."""
    return significant(_WIDE.log10(_positive(x)))


def angle(of: Callable[..., float]) -> Callable[..., Decimal]:
    """A function of binary floats, which know a -0, as one of Numbers; FormulaError where it has no value."""

    def called(*numbers: Decimal) -> Decimal:
        try:
            return significant(Decimal(of(*(float(number) if number else 0.0 for number in numbers))))
        except ValueError:
            raise FormulaError("the number is outside -1 to 1") from None

    return called


def _positive(x: Decimal) -> Decimal:
    if x <= 0:
        raise FormulaError("only positive numbers have a logarithm")
    return x


sine, cosine, tangent = angle(math.sin), angle(math.cos), angle(math.tan)
arc_sine, arc_cosine, arc_tangent = angle(math.asin), angle(math.acos), angle(math.atan)
arc_tangent_of = angle(math.atan2)
