"""Places on the map: how one is written, and how far it is from one to another."""

from __future__ import annotations

from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import TYPE_CHECKING

from formula import trigonometry
from formula.fault import FormulaError
from formula.number import rounded, significant

if TYPE_CHECKING:
    from collections.abc import Mapping

RADII: Mapping[str, Decimal] = MappingProxyType({"km": Decimal("6371.009"), "mi": Decimal("3958.761")})
"""The mean radius of the earth by unit, as Salesforce's formula engine has it."""
MOST_LATITUDE, MOST_LONGITUDE = 90, 180
DECIMALS = 9
"""Decimals of a degree that a distance looks at: a tenth of a millimetre."""
_SHOWN = Decimal(6)
RADIANS = trigonometry.PI / 180
"""One degree."""


def place(latitude: Decimal, longitude: Decimal) -> str:
    """Latitude and longitude in degrees as a field of the type `geo` shows them: `48.137154, 11.576124`.

    FormulaError for what is nowhere on earth.
    """
    _check(latitude, longitude)
    return ", ".join(f"{rounded(degrees, _SHOWN) + 0:f}" for degrees in (latitude, longitude))


def distance(
    latitude: Decimal, longitude: Decimal, other_latitude: Decimal, other_longitude: Decimal, unit: str
) -> Decimal:
    """The way along the surface of a ball as large as the earth, in `unit`, to 15 digits (haversine).

    FormulaError for what is nowhere on earth.
    """
    for point in ((latitude, longitude), (other_latitude, other_longitude)):
        _check(*point)
    north, east, other_north, other_east = (
        rounded(degrees, Decimal(DECIMALS))
        for degrees in (latitude, longitude, other_latitude, other_longitude)
    )
    turned = abs(east - other_east)
    across = _sine(min(turned, 360 - turned) / 2)
    up = _sine((north - other_north) / 2)
    with localcontext(prec=trigonometry.DIGITS):
        share = up * up + _sine(90 - abs(north)) * _sine(90 - abs(other_north)) * across * across
        return significant(2 * RADII[unit] * trigonometry.arc_sine_of_root(min(share, Decimal(1))))


def _sine(degrees: Decimal) -> Decimal:
    with localcontext(prec=trigonometry.DIGITS):
        return trigonometry.sine(degrees * RADIANS)


def _check(latitude: Decimal, longitude: Decimal) -> None:
    if abs(latitude) > MOST_LATITUDE:
        raise FormulaError("a latitude of {degrees} is nowhere on earth", degrees=f"{latitude:.8g}")
    if abs(longitude) > MOST_LONGITUDE:
        raise FormulaError("a longitude of {degrees} is nowhere on earth", degrees=f"{longitude:.8g}")
