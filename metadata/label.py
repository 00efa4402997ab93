"""A text of the model in all its languages: labels, help, rule messages.

Made by the compiler from a document's own text and the translations of all layers; read by pages and the API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Readers of Traditional Chinese read Simplified more gladly than English.
NEIGHBOURS = {"zh-TW": ("zh-CN",), "zh-HK": ("zh-TW", "zh-CN")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Language (BCP 47) → text. `language` is the package's own, in which a text always exists."""

    texts: Mapping[str, str]
    language: str = "en"

    def text(self, language: str) -> str:
        """The text for a reader of `language`: exact, a neighbour's, the bare language's, the package's."""
        for candidate in (language, *NEIGHBOURS.get(language, ()), language.split("-")[0]):
            found = self.texts.get(candidate)
            if found is not None:
                return found
        return self.texts[self.language]
