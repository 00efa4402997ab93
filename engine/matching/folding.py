"""Text without what does not tell two things apart: case, accents, width, and traditional Chinese characters.

The first step of every normaliser. Pure; the dictionary of characters is loaded by the first Chinese text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
EAST = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f]")

MOST_STEPS = 20
"""Steps after which a form counts as settled; each but the first takes something away."""

_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")


def fold(text: str) -> str:
    """Return the text in lower case, half width and simplified characters, without accents or outer blanks.

    Width goes by NFKC, case by Unicode's full case folding, characters by OpenCC's table from traditional to
    simplified.
    """
    if text.isascii():
        return text.lower().strip()
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    whole = unicodedata.normalize("NFKC", bare).strip()
    return _simplified()(whole) if HAN.search(whole) else whole


def words(text: str) -> list[str]:
    """The runs of letters and digits of folded text."""
    return _WORD.findall(text)


def without_brackets(text: str) -> str:
    """Folded text without what stands in brackets; the text itself where nothing else is in it."""
    bare = _BRACKETED.sub(" ", text)
    return bare if _WORD.search(bare) else text


def settled(step: Callable[[str], str], text: str) -> str:
    """Apply a step until it changes nothing, so that the form of a form is itself."""
    for _ in range(MOST_STEPS):
        form = step(text)
        if form == text:
            return form
        text = form
    return text


@cache
def _simplified() -> Callable[[str], str]:
    from opencc import OpenCC  # its tables are of no use to who writes no Chinese

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert
