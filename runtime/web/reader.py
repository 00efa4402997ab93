"""Who looks at a page, as far as its look goes: language, formats, theme, links, CSRF token.

Made once per request by the handlers; it holds no rights and no data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from runtime.web.formats import Formats
    from runtime.web.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """`theme` is "light", "dark" or "" (as the device says); `density` "cozy" or "compact".

    `prefix` starts links. `currency` is the ISO 4217 code of the company's currency, "" when none is set.
    """

    texts: Texts
    formats: Formats
    csrf: str
    now: datetime
    prefix: str = ""
    theme: str = ""
    density: str = "cozy"
    currency: str = ""

    @property
    def language(self) -> str:
        """The language of the page as a BCP 47 tag."""
        return self.texts.code

    def text(self, key: str, **values: object) -> str:
        """A product text; see `Texts.text`."""
        return self.texts.text(key, **values)

    def said(self, sentence: str) -> str:
        """What the engine said, in the reader's language; see `Texts.said`."""
        return self.texts.said(sentence)

    def link(self, path: str) -> str:
        """`path` (beginning with "/") as this tenant's visitors reach it."""
        return self.prefix + path
