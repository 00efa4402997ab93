"""A telephone number, kept as it was written: people recognise their own grouping. Compared as E.164.

A number without a country code is dialled where the field says (`region`), else in the company's country.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from engine.codes import NOT_A_COUNTRY, NOT_A_PHONE
from engine.country import COUNTRIES
from engine.fields.contract import Kind, options_schema
from engine.fields.formed import FormedText
from engine.fields.many import listed
from engine.matching.phones import phone_form
from engine.problem import Refusal
from metadata.kinds import BadOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.contract import Codec

_NUMBER = re.compile(r"[+\d\s()./-]+((ext\.?|x|#|转|分机)\s*\d{1,8})?", re.IGNORECASE)
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(FormedText):
    """Digits with the usual punctuation, an international prefix and an extension.

    `region` and `home` are ISO 3166-1 codes: what the field says, and the company's country.
    """

    kind: ClassVar[str] = "phone"
    widget: ClassVar[str] = "tel"

    region: str | None = None
    home: str | None = None

    @property
    def longest(self) -> int:
        return 40

    @property
    def normal(self) -> str:
        return "e164"

    @property
    def form(self) -> Codec:
        return partial(phone_form, self.region or self.home)

    @property
    def form_suffix(self) -> str:
        return f"__e164_{self.region.lower()}" if self.region else "__e164"

    def read(self, text: str) -> str:
        number = unicodedata.normalize("NFKC", text).strip()
        if not _NUMBER.fullmatch(number) or sum(map(str.isdigit, number)) < _FEWEST_DIGITS:
            message = "“{number}” is not a phone number."
            raise Refusal(NOT_A_PHONE, message, "Write it like +86 21 5555 0101.", number=number)
        return number


def bind(options: Mapping[str, object]) -> Phone:
    """Bind to `region`, and to the company's country, which no document says. Raises `BadOptionError`."""
    region = options.get("region")
    if region is not None and region not in COUNTRIES:
        raise BadOptionError("region", f"`{region}` is not a country's code", NOT_A_COUNTRY.mend)
    return Phone(**options)  # type: ignore[arg-type]  # the schema has checked them


FIELD = listed(
    Kind(
        name="phone",
        schema=options_schema(
            region={
                "type": "string",
                "pattern": "^[A-Z]{2}$",
                "description": "Where numbers without a country code are dialled; the company's country.",
            }
        ),
        bind=bind,
        home="home",
    )
)
