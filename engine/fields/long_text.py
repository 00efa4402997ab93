"""Text of many lines: descriptions, notes. Not ordered by, and so without a sort key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.plain_text import PlainText

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class LongText(PlainText):
    """Text of at most `max` characters; lines end with a line feed whatever was sent."""

    kind: ClassVar[str] = "long_text"
    widget: ClassVar[str] = "textarea"

    max: int = 32_000

    @property
    def longest(self) -> int:
        return self.max

    def read(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n")


def bind(options: Mapping[str, object]) -> LongText:
    """Bind to `max` (characters)."""
    return LongText(**options)  # type: ignore[arg-type]  # the schema has checked them


FIELD = Kind(
    name="long_text",
    schema=options_schema(
        max={"type": "integer", "minimum": 1, "maximum": 1_000_000, "description": "Characters; 32000."},
    ),
    bind=bind,
)
