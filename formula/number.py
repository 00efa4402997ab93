"""Exact decimal arithmetic, the one meaning of Number for Python and, registered, for SQLite.

`+ - *` keep 38 significant digits, `/` 32 decimal places, both rounded half up; other functions 15
significant digits where they are not exact. Values beyond 1E128 are errors.
"""

from __future__ import annotations

import re
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from formula.fault import FormulaError, clipped

_TRAPS = [DivisionByZero, InvalidOperation, Overflow]
_EXACT = Context(prec=38, rounding=ROUND_HALF_UP, Emin=-128, Emax=128, traps=_TRAPS)
# Room for every digit that rounding to 38 digits or 32 places may have to look at.
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP, Emin=-512, Emax=512, traps=_TRAPS)
_TRUNCATED = Context(prec=400, rounding=ROUND_DOWN, Emin=-512, Emax=512, traps=_TRAPS)
_QUOTIENT = Context(prec=200, rounding=ROUND_DOWN, Emin=-512, Emax=512, traps=_TRAPS)
_SIGNIFICANT = Context(prec=15, rounding=ROUND_HALF_UP, Emin=-128, Emax=128, traps=_TRAPS)

_PLACES = 32
_SMALLEST = Decimal(1).scaleb(-_PLACES)
_LIMIT = 128
_NOISE = Decimal(1).scaleb(6 - _PLACES)
"""What a quotient may be wrong by after some arithmetic: FLOOR(1 / 9 * 9) is 1, as in Salesforce."""
_WRITTEN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)

add = _EXACT.add
subtract = _EXACT.subtract
multiply = _EXACT.multiply
quantize_half_up = _WIDE.quantize
"""`rounded` for a unit that is known beforehand; the fast path of ROUND(x, 2)."""
significant = _SIGNIFICANT.plus
"""A number to 15 significant digits, halves away from zero."""


def negate(x: Decimal) -> Decimal:
    """`-x`, every digit kept."""
    return x.copy_negate() if x else x


def divide(x: Decimal, y: Decimal) -> Decimal:
    """`x / y` to 32 decimal places, half up; FormulaError for y = 0."""
    if not y:
        raise FormulaError("division by zero")
    quotient = _QUOTIENT.divide(x, y)
    exponent = quotient.as_tuple().exponent
    assert isinstance(exponent, int)
    # Cut off, not rounded, at 200 digits: so rounding at the 32nd place happens once.
    return quotient if exponent >= -_PLACES else quotient.quantize(_SMALLEST, ROUND_HALF_UP, _WIDE)


def power(x: Decimal, y: Decimal) -> Decimal:
    """`x ^ y`: exact when 38 digits hold it, else to 15 significant digits."""
    if y == y.to_integral_value():
        return _integer_power(x, int(y))
    if x < 0:
        raise FormulaError("a negative number has no fractional power")
    return _SIGNIFICANT.plus(_power_to_40(x, y)) if x else _zero_power(y)


def rounded(x: Decimal, digits: Decimal) -> Decimal:
    """`x` to `digits` decimal places (negative: tens, hundreds), half away from zero."""
    return x.quantize(quantum(digits), ROUND_HALF_UP, _WIDE)


def truncated(x: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
    """`x` cut off after `digits` decimal places (negative: tens, hundreds)."""
    return x.quantize(quantum(digits), ROUND_DOWN, _WIDE)


def quantum(digits: Decimal) -> Decimal:
    """The unit of the last place kept: 2 -> 0.01, -2 -> 100. The fraction of `digits` is ignored."""
    places = max(-_LIMIT, min(_LIMIT, int(digits)))
    return Decimal(1).scaleb(-places)


def floor(x: Decimal) -> Decimal:
    """Toward zero, as Salesforce documents FLOOR, after rounding to 26 places."""
    return _WIDE.quantize(x, _NOISE).to_integral_value(ROUND_DOWN)


def ceiling(x: Decimal) -> Decimal:
    """Away from zero, as Salesforce documents CEILING, after rounding to 26 places."""
    return _WIDE.quantize(x, _NOISE).to_integral_value(ROUND_UP)


def next_below(x: Decimal) -> Decimal:
    """The greatest whole number that is not greater, after rounding to 26 places."""
    return _WIDE.quantize(x, _NOISE).to_integral_value(ROUND_FLOOR)


def next_above(x: Decimal) -> Decimal:
    """The smallest whole number that is not smaller, after rounding to 26 places."""
    return _WIDE.quantize(x, _NOISE).to_integral_value(ROUND_CEILING)


def modulo(x: Decimal, y: Decimal) -> Decimal:
    """The remainder of `x / y` with the sign of `x`; FormulaError for y = 0."""
    if not y:
        raise FormulaError("division by zero")
    return _TRUNCATED.remainder(x, y)


def whole(x: Decimal) -> int:
    """A count or an offset: the number without its fraction."""
    return int(x)


def nearest_whole(x: Decimal, y: Decimal) -> int:
    """`x * y` as the nearest whole number, halves away from zero, rounded only once."""
    return int(_WIDE.multiply(x, y).to_integral_value(ROUND_HALF_UP))


def written(x: Decimal) -> str:
    """The number as TEXT shows it: no exponent, no needless zeros, `0` for any zero."""
    text = f"{x:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def shortest(x: Decimal) -> Decimal:
    """The same number without trailing zeros, exponent or signed zero."""
    return Decimal(written(x))


def parsed(text: str) -> Decimal:
    """The number a text stands for, `-12.50` or `1.5e3`; FormulaError if it is none."""
    trimmed = text.strip()
    if not _WRITTEN.fullmatch(trimmed):
        raise FormulaError('"{text}" is not a number', text=clipped(text))
    return _EXACT.plus(Decimal(trimmed))


def _integer_power(x: Decimal, n: int) -> Decimal:
    if not x:
        return _zero_power(Decimal(n))
    if abs(n) > 10_000 and abs(x) != 1:
        raise FormulaError("the number is too large")
    result = _WIDE.power(x.normalize(_WIDE), n)
    kept = _EXACT.plus(result)
    return kept if kept == result else _SIGNIFICANT.plus(result)


def _zero_power(y: Decimal) -> Decimal:
    if y < 0:
        raise FormulaError("division by zero")
    return Decimal(0) if y else Decimal(1)


def _power_to_40(x: Decimal, y: Decimal) -> Decimal:
    return Context(prec=40, Emin=-512, Emax=512, traps=_TRAPS).power(x, y)
