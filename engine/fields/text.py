"""One line of text: names, titles, codes. Keeps a sort key, so that lists order as people expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.codec import text_form
from engine.fields.contract import Kind, Stored, options_schema
from engine.fields.formed import FormedText
from engine.fields.many import listed
from engine.matching.forms import NORMAL, NORMALISERS, Normaliser, normaliser
from engine.sort_key import sort_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Dialect
    from engine.fields.contract import Codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(FormedText):
    """Text of at most `max` characters, without white space at its ends; `normalise` says what it names."""

    kind: ClassVar[str] = "text"
    widget: ClassVar[str] = "text"

    max: int = 255
    sortable: bool = True
    normalise: Normaliser | None = None

    @property
    def longest(self) -> int:
        return self.max

    def read(self, text: str) -> str:
        return text.strip()

    @property
    def normal(self) -> str:
        return NORMAL if self.normalise else ""

    @property
    def form(self) -> Codec | None:
        return normaliser(self.normalise) if self.normalise else None

    @property
    def form_suffix(self) -> str:
        return f"__as_{self.normalise}"

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        value = FormedText.columns(self, dialect)
        key = Stored(role="sort", suffix="__sort", type=text_form(dialect).type, derive=sort_key)
        return (*value, key) if self.sortable else value


def bind(options: Mapping[str, object]) -> Text:
    """Bind to `max` (characters), `sortable` and `normalise`."""
    return Text(**options)  # type: ignore[arg-type]  # the schema has checked them


FIELD = listed(
    Kind(
        name="text",
        schema=options_schema(
            max={"type": "integer", "minimum": 1, "maximum": 4000, "description": "Characters at most; 255."},
            sortable={"type": "boolean", "description": "Whether lists can be ordered by it quickly; true."},
            normalise={
                "enum": list(NORMALISERS),
                "description": "What the text names: it is compared without what does not tell two apart.",
            },
        ),
        bind=bind,
    )
)
