"""A record's number, such as INV-2026-00042: taken from a series when the record is made, and kept.

Nobody gives it; the save takes it (`engine/save/numbers.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.fields.contract import Kind, options_schema
from engine.fields.plain_text import PlainText
from engine.pattern import BadPatternError, Pattern, read_pattern
from metadata.kinds import BadOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_PATTERN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoNumber(PlainText):
    """Text made of `series` and a counter; input, as a filter gives it, is text."""

    kind: ClassVar[str] = "auto_number"
    widget: ClassVar[str] = "text"

    series: Pattern

    @property
    def storage(self) -> str:
        return self.kind

    @property
    def longest(self) -> int:
        return 255

    def read(self, text: str) -> str:
        return text.strip()

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "maxLength": self.longest, "readOnly": True}


def bind(options: Mapping[str, object]) -> AutoNumber:
    """Bind to `pattern` and `gap_free`; raises `BadOptionError`."""
    try:
        return AutoNumber(
            series=read_pattern(str(options["pattern"]), gap_free=options.get("gap_free") is True)
        )
    except BadPatternError as error:
        raise BadOptionError("pattern", str(error), error.hint) from error


FIELD = Kind(
    name="auto_number",
    schema=options_schema(
        "pattern",
        pattern={
            "type": "string",
            "minLength": 1,
            "maxLength": _LONGEST_PATTERN,
            "description": "Text, {DEPT} {YYYY} {YY} {MM} {DD}, and a counter {00000} for each of them.",
        },
        gap_free={
            "type": "boolean",
            "description": "No number is ever missing; writers wait for one another. false.",
        },
    ),
    bind=bind,
)
