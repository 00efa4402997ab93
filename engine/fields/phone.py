"""A telephone number, kept as it was written: people recognise their own grouping."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codes import NOT_A_PHONE
from engine.fields.contract import Kind, options_schema
from engine.fields.many import listed
from engine.fields.plain_text import PlainText
from engine.problem import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"[+\d\s()./-]+((ext\.?|x|#|转|分机)\s*\d{1,8})?", re.IGNORECASE)
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(PlainText):
    """Digits with the usual punctuation, an international prefix and an extension."""

    kind: ClassVar[str] = "phone"
    widget: ClassVar[str] = "tel"

    @property
    def longest(self) -> int:
        return 40

    def read(self, text: str) -> str:
        number = unicodedata.normalize("NFKC", text).strip()
        if not _NUMBER.fullmatch(number) or sum(map(str.isdigit, number)) < _FEWEST_DIGITS:
            message = "“{number}” is not a phone number."
            raise Refusal(NOT_A_PHONE, message, "Write it like +86 21 5555 0101.", number=number)
        return number


def bind(_options: Mapping[str, object]) -> Phone:
    """Bind; there are no options."""
    return Phone()


FIELD = listed(Kind(name="phone", schema=options_schema(), bind=bind))
