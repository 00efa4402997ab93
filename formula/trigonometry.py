"""Sine and arc sine of decimal numbers, to fifty digits. Angles are radians.

`formula.sql.trigonometry` adds up the same series on PostgreSQL: rounded to 15 digits both give one answer,
which binary floats of different libraries do not.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230782")
DIGITS = 80
"""Significant digits of a step; on PostgreSQL as many or more."""
HALVINGS = 3
"""How often an arc is halved, so that its series is short."""
_SINE_TERMS, _ARC_TERMS = 23, 24
_WIDE = Context(prec=DIGITS)


def _sine_series() -> tuple[Decimal, ...]:
    terms = [Decimal(1)]
    for n in range(1, _SINE_TERMS):
        terms.append(_WIDE.divide(terms[-1], Decimal(-2 * n * (2 * n + 1))))
    return tuple(terms)


SINE_SERIES = _sine_series()
"""Factors of 1, x², x⁴, … in the sine of x, by x: 1, -1/3!, 1/5!, …; enough of them for a right angle."""
ARC_SERIES = tuple(_WIDE.divide(Decimal((-1) ** n), Decimal(2 * n + 1)) for n in range(_ARC_TERMS))
"""The same of the arc tangent: 1, -1/3, 1/5, …; enough for a tenth."""


def sine(x: Decimal) -> Decimal:
    """The sine of an angle of at most a right angle, either side of zero."""
    with localcontext(_WIDE):
        return x * _added(SINE_SERIES, x * x)


def arc_sine_of_root(h: Decimal) -> Decimal:
    """The angle whose sine is the root of a number from 0 to 1."""
    with localcontext(_WIDE):
        if h > 1 - h:
            return PI / 2 - _arc_tangent(((1 - h) / h).sqrt())
        return _arc_tangent((h / (1 - h)).sqrt())


def _arc_tangent(t: Decimal) -> Decimal:
    """For a number from 0 to 1."""
    for _ in range(HALVINGS):
        t = t / (1 + (1 + t * t).sqrt())
    return t * _added(ARC_SERIES, t * t) * (1 << HALVINGS)


def _added(series: tuple[Decimal, ...], x: Decimal) -> Decimal:
    total = Decimal(0)
    for factor in reversed(series):
        total = total * x + factor
    return total
