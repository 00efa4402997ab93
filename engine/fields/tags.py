"""Words that people put on a record as they like, without a list of those there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import text_form
from engine.fields.contract import Kind, Stored, options_schema
from engine.fields.many import MARKS, Many
from engine.fields.plain_text import PlainText
from engine.sort_key import sort_key

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from engine.database import Dialect

LONGEST = 60
MOST_TAGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(PlainText):
    """One word or phrase."""

    kind: ClassVar[str] = "tag"
    widget: ClassVar[str] = "text"

    @property
    def longest(self) -> int:
        return LONGEST

    def read(self, text: str) -> str:
        return " ".join(text.split())

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        key = Stored(role="sort", suffix="__sort", type=text_form(dialect).type, derive=sort_key)
        return (*PlainText.columns(self, dialect), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags(Many):
    """Up to 50 tags of 60 characters; a text parts them by commas or semicolons."""

    kind: ClassVar[str] = "tags"
    widget: ClassVar[str] = "tags"
    parting: ClassVar[re.Pattern[str]] = MARKS


def bind(_options: Mapping[str, object]) -> Tags:
    """Bind; there are no options."""
    return Tags(of=Tag(), most=MOST_TAGS)


FIELD = Kind(name="tags", schema=options_schema(), bind=bind)
