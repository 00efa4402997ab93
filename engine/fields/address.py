"""A postal address in parts. Text without parts is taken for the street: nothing is lost, nothing guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import text_form
from engine.codes import NOT_A_COUNTRY
from engine.country import COUNTRIES
from engine.fields.composite import Composite, Part, read_line, text_part
from engine.fields.contract import Kind, options_schema
from engine.matching.regions import region_form, region_of
from engine.problem import Refusal
from formula.types import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.composite import Value

_PLACES = ("province", "city", "district", "street")
_REGION = ("province", "city", "district")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]")


def _country(raw: object) -> str | None:
    code = read_line("country", 100, raw)
    if code is None or code.upper() in COUNTRIES:
        return code and code.upper()
    message = "“{text}” is not a country's code."
    raise Refusal(NOT_A_COUNTRY, message, "Write its two letters, such as CN.", text=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Composite):
    """Country (ISO 3166-1 alpha-2), province, city, district, street with number, postal code."""

    kind: ClassVar[str] = "address"
    widget: ClassVar[str] = "address"
    pieces: ClassVar[tuple[Part, ...]] = (
        Part(
            name="country",
            type=TEXT,
            read=_country,
            form=text_form,
            schema={"type": ["string", "null"], "pattern": "^[A-Z]{2}$"},
        ),
        text_part("province", 100),
        text_part("city", 100),
        text_part("district", 100),
        text_part("street", 250),
        text_part("postal_code", 20),
    )

    @property
    def normal(self) -> str:
        return "region"

    def _form(self, value: Value) -> str | None:
        """The province, city and district by their short names, from the street where all else is blank."""
        places = "".join(value.get(name, "") for name in _REGION)
        if places:
            return region_form(places)
        found = region_of(value.get("street", ""))
        return f"{found.province}{found.city}{found.district}" or None

    def line(self, value: Value) -> str:
        """From the largest to the smallest without spaces in Chinese and Japanese, otherwise the other way.

        A municipality that is its own province (上海市) stands once. The country closes an address in Latin
        script; in Chinese it stands only alone.
        """
        places = list(dict.fromkeys(value[name] for name in _PLACES if name in value))
        code, country = value.get("postal_code"), value.get("country")
        if _HAN.search("".join(places)):
            return " ".join(part for part in ("".join(places), code) if part)
        return ", ".join(part for part in (*reversed(places), code, country) if part)

    def split(self, text: str) -> Mapping[str, object]:
        return {"street": text}


def bind(_options: Mapping[str, object]) -> Address:
    """Bind; there are no options."""
    return Address()


FIELD = Kind(name="address", schema=options_schema(), bind=bind)
