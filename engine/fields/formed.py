"""Text with a form in which it is compared: what is kept beside the text, and what formulas see of it.

A base of types, itself none. The text stays as it was typed; the form is a part of the value, in a column of
its own, so that filters and formulas know it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.codec import text_form
from engine.fields.contract import Stored
from engine.fields.plain_text import PlainText
from formula.types import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Dialect
    from engine.fields.contract import Codec
    from formula.types import Type


class FormedText(PlainText):
    """A text type whose subclass names the part that holds the form, and makes it, or has none."""

    __slots__ = ()

    @property
    def form(self) -> Codec | None:
        """What makes the form of a value, or None."""
        return None

    @property
    def form_suffix(self) -> str:
        """What the form's column is called after the field's; another name for each way to make it, so that
        what was made in another way is never taken for it.
        """
        return f"__{self.normal}"

    @property
    def parts(self) -> Mapping[str, Type]:
        return MappingProxyType({self.normal: TEXT} if self.form else {})

    @property
    def derived(self) -> Mapping[str, Codec]:
        return MappingProxyType({self.normal: self.form} if self.form else {})

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        value = PlainText.columns(self, dialect)
        if self.form is None:
            return value
        kept = text_form(dialect).type
        part = Stored(role="part", part=self.normal, suffix=self.form_suffix, type=kept, derive=self.form)
        return (*value, part)
