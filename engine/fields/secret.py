"""A value that nobody reads in passing: a password of another system, an account number, a token.

The save seals what `convert` returns (`engine/secrets/`), so what is kept, and what the journal holds, is
encrypted. Records, formulas, filters and exports see dots; dots that come back mean that the value stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import text_form
from engine.codes import TOO_LONG
from engine.fields.contract import TEXT_PART, FieldType, Kind, Stored, options_schema
from engine.fields.plain_text import clean
from engine.problem import Refusal
from formula.condition import EQUALITY, Operator
from formula.types import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from engine.fields.contract import Codec
    from formula.types import Type

DOTS = "••••••••"
"""What is shown in the place of a value, however long it is."""
SEALED = "s1."
"""Begins a value that is sealed: `s1.<number of the key>.<token>`."""


def dots(value: str) -> str:  # noqa: ARG001  (it tells nothing of the value)
    """What is seen of a value."""
    return DOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret(FieldType):
    """Text of at most `max` characters, as it was typed, encrypted where it is kept."""

    kind: ClassVar[str] = "secret"
    widget: ClassVar[str] = "secret"
    operators: ClassVar[tuple[Operator, ...]] = EQUALITY[2:]

    max: int = 1000

    @property
    def type(self) -> Type:
        return TEXT

    @property
    def sealed(self) -> bool:
        return True

    @property
    def seen(self) -> Codec:
        return dots

    @property
    def shown(self) -> Codec:
        return dots

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        text = text_form(dialect).type
        return (
            Stored(role="value", suffix="", type=text),
            Stored(role="part", part=TEXT_PART, suffix="__text", type=text, derive=dots),
        )

    def convert(self, raw: object, zone: tzinfo | None = None) -> str | None:  # noqa: ARG002  (needs none)
        text = clean(raw)
        if text not in (None, DOTS) and not text.startswith(SEALED):
            self.check(text)
        return text

    def check(self, text: str) -> None:
        """Raise `Refusal` for a text that is too long; what may be sealed already the save looks at first."""
        if len(text) > self.max:
            message = "The text has {length} characters; {longest} are allowed."
            raise Refusal(TOO_LONG, message, "Shorten it.", length=len(text), longest=self.max)

    @property
    def json_schema(self) -> dict[str, object]:
        return {
            "type": ["string", "null"],
            "description": f"{DOTS} in answers; sent back, it changes nothing.",
        }


def bind(options: Mapping[str, object]) -> Secret:
    """Bind to `max` (characters)."""
    return Secret(**options)  # type: ignore[arg-type]  # the schema has checked them


FIELD = Kind(
    name="secret",
    schema=options_schema(
        max={"type": "integer", "minimum": 1, "maximum": 10_000, "description": "Characters at most; 1000."}
    ),
    bind=bind,
)
