"""Decimals inside SQLite: a byte string whose order is the numeric order.

SQLite knows 64-bit integers and binary floats, neither of which holds 38 exact digits. A Number that is
not a scaled integer therefore travels between our registered functions as a blob that SQLite itself can
compare, sort, group, and index with memcmp:

    zero       80
    positive   81, exponent, digits
    negative   7F, complement of the exponent, complement of the digits, 7E

The value is 0.d1d2d3… x 10^exponent; the exponent is two bytes, biased by 8000 (hex); digits are ASCII
without trailing zeros, so equal numbers are equal bytes. The closing 7E sorts above every digit: of two
negative numbers of which one's digits begin the other's, the shorter is the greater.
"""

from decimal import Decimal

ZERO = b"\x80"
_POSITIVE, _NEGATIVE, _END = b"\x81", b"\x7f", b"\x7e"
_BIAS = 0x8000
_COMPLEMENT = bytes.maketrans(b"0123456789", b"9876543210")


def encode(number: Decimal) -> bytes:
    """The bytes of a finite decimal of at most 32,767 digits either side of the point."""
    mantissa, _, exponent = format(number, "E").partition("E")
    negative = mantissa[0] == "-"
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0").encode()
    if not digits:
        return ZERO
    biased = int(exponent) + 1 + _BIAS
    if negative:
        return _NEGATIVE + (0xFFFF - biased).to_bytes(2) + digits.translate(_COMPLEMENT) + _END
    return _POSITIVE + biased.to_bytes(2) + digits


def encode_scaled(value: int, scale: int) -> bytes:
    """The bytes of `value` / 10^`scale`, without the detour over a Decimal; every amount comes this way."""
    if not value:
        return ZERO
    written = str(abs(value)).encode()
    digits, biased = written.rstrip(b"0"), len(written) - scale + _BIAS
    if value < 0:
        return _NEGATIVE + (0xFFFF - biased).to_bytes(2) + digits.translate(_COMPLEMENT) + _END
    return _POSITIVE + biased.to_bytes(2) + digits


def decode(encoded: bytes) -> Decimal:
    """The decimal that `encode` was given, without trailing zeros behind the point and without exponent."""
    if encoded == ZERO:
        return Decimal(0)
    point = int.from_bytes(encoded[1:3])
    if encoded[:1] == _NEGATIVE:
        return Decimal("-" + _written(encoded[3:-1].translate(_COMPLEMENT), 0xFFFF - point - _BIAS))
    return Decimal(_written(encoded[3:], point - _BIAS))


def _written(digits: bytes, point: int) -> str:
    return f".{digits.decode().ljust(point, '0')}E{point}"
