"""What all text types share: cleaning of input, one text column, a limit. A base of types, itself none."""

from __future__ import annotations

import unicodedata
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from engine.codec import text_form
from engine.codes import BAD_CHARACTER, TOO_LONG, WRONG_KIND
from engine.fields.contract import FieldType, Stored, spoken
from engine.problem import Refusal
from formula.condition import TEXTUAL, Operator
from formula.types import TEXT

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.database import Dialect
    from formula.types import Type


class PlainText(FieldType):
    """A field that is text to formulas, and whose subclass says which texts it takes."""

    __slots__ = ()

    operators: ClassVar[tuple[Operator, ...]] = TEXTUAL

    @property
    def type(self) -> Type:
        return TEXT

    @property
    def storage(self) -> str:
        return "text"

    @property
    def maskable(self) -> bool:
        return True

    @property
    @abstractmethod
    def longest(self) -> int:
        """How many characters (code points) a value may have."""

    @abstractmethod
    def read(self, text: str) -> str | None:
        """Return the value for clean text that is not blank, None if it turns out blank; raises `Refusal`."""

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        return (Stored(role="value", suffix="", type=text_form(dialect).type),)

    def convert(self, raw: object, zone: tzinfo | None = None) -> str | None:  # noqa: ARG002  (needs none)
        text = clean(raw)
        if text is None:
            return None
        value = self.read(text)
        if value is not None and len(value) > self.longest:
            message = "The text has {length} characters; {longest} are allowed."
            raise Refusal(TOO_LONG, message, "Shorten it.", length=len(value), longest=self.longest)
        return value

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "maxLength": self.longest}


def clean(raw: object) -> str | None:
    """Return input as text in NFC, None when blank.

    Raises:
        Refusal: it is not text, or holds a NUL or half of a surrogate pair, which no database keeps.
    """
    if raw is None:
        return None
    if not isinstance(raw, str):
        hint = "Send the value as a string."
        raise Refusal(WRONG_KIND, "Expected text, not {kind}.", hint, kind=spoken(raw))
    if not raw.isascii():
        raw = unicodedata.normalize("NFC", raw)
        if any("\ud800" <= character <= "\udfff" for character in raw):
            raise Refusal(BAD_CHARACTER, "The text holds half of a surrogate pair.", "Remove the character.")
    if "\0" in raw:
        raise Refusal(BAD_CHARACTER, "The text holds a NUL character.", "Remove the character.")
    return raw if raw and not raw.isspace() else None
