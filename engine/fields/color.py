"""A color, as the six hexadecimal digits that browsers write: #3b5bdb."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codes import NOT_A_COLOR
from engine.fields.contract import Kind, options_schema
from engine.fields.plain_text import PlainText
from engine.problem import Refusal
from formula.condition import EQUALITY, Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
_SHORT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Color(PlainText):
    """An opaque color; #rgb is read as #rrggbb, and small letters are kept."""

    kind: ClassVar[str] = "color"
    widget: ClassVar[str] = "color"
    operators: ClassVar[tuple[Operator, ...]] = EQUALITY

    @property
    def longest(self) -> int:
        return 7

    def read(self, text: str) -> str:
        found = _HEX.fullmatch(text.strip().lower())
        if found is None:
            raise Refusal(NOT_A_COLOR, "“{text}” is not a color.", "Write it like #3b5bdb.", text=text)
        digits = found[1]
        return f"#{''.join(digit * 2 for digit in digits) if len(digits) == _SHORT else digits}"

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "pattern": "^#[0-9a-f]{6}$"}


def bind(_options: Mapping[str, object]) -> Color:
    """Bind; there are no options."""
    return Color()


FIELD = Kind(name="color", schema=options_schema(), bind=bind)
