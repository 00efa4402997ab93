"""A place on the map: latitude and longitude in degrees (WGS 84), exact to a tenth of a metre."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from engine.codec import number_form
from engine.codes import NOT_A_PLACE
from engine.fields.composite import Composite, Part
from engine.fields.contract import Kind, options_schema
from engine.fields.numeric import read_number
from engine.problem import Refusal
from formula.types import LOCATION, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.codec import Form
    from engine.database import Dialect
    from engine.fields.composite import Value
    from formula.types import Type

SCALE = 6
"""Decimals of a degree: 0.000001 is 11 centimetres at the equator."""

_HINT = "Write latitude and longitude like 30.274085, 120.155070."


def _degrees(name: str, most: int, raw: object) -> Decimal | None:
    found = read_number(raw)
    if found is None:
        return None
    if abs(found) > most:
        message, hint = "A {name} of {found:.8g} is nowhere on earth.", "It lies between -{most} and {most}."
        raise Refusal(NOT_A_PLACE, message, hint, name=name, found=found, most=most)
    return found.quantize(Decimal(1).scaleb(-SCALE), ROUND_HALF_UP) + 0  # no minus zero


def _form(dialect: Dialect) -> Form:
    return number_form(dialect, SCALE)


def _part(name: str, most: int) -> Part:
    return Part(
        name=name,
        type=number(len(str(most)) + SCALE, SCALE),
        read=partial(_degrees, name, most),
        form=_form,
        schema={"type": ["number", "null"], "minimum": -most, "maximum": most},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Geo(Composite):
    """Both or none; a text is `latitude, longitude`."""

    kind: ClassVar[str] = "geo"
    widget: ClassVar[str] = "geo"
    pieces: ClassVar[tuple[Part, ...]] = (_part("latitude", 90), _part("longitude", 180))

    @property
    def type(self) -> Type:
        return LOCATION

    def check(self, value: Value) -> None:
        if len(value) != len(self.pieces):
            raise Refusal(NOT_A_PLACE, "A place needs its latitude and its longitude.", _HINT)

    def line(self, value: Value) -> str:
        """As ISO 6709 orders them: latitude first."""
        return f"{value['latitude']:f}, {value['longitude']:f}"

    def split(self, text: str) -> Mapping[str, object]:
        words = unicodedata.normalize("NFKC", text).replace(",", " ").split()
        if len(words) != len(self.pieces):
            raise Refusal(NOT_A_PLACE, "“{text}” is no place on the map.", _HINT, text=text)
        return {piece.name: word for piece, word in zip(self.pieces, words, strict=True)}


def bind(_options: Mapping[str, object]) -> Geo:
    """Bind; there are no options."""
    return Geo()


FIELD = Kind(name="geo", schema=options_schema(), bind=bind)
