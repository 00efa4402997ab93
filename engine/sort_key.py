"""The order in which people expect text: case and accents aside, Chinese by its pinyin.

A field's sort key is kept in a column of its own beside the text and compared byte by byte, so that both
databases, and Python, order alike without a collation. Search and comparison never use it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

LONGEST = 120
"""Characters of a key; texts that are equal so far are ordered by id."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]")


def sort_key(text: str) -> str:
    """Return the key of `text`; keys compare by code point.

    Latin letters lose case and accents (NFKD, then Unicode's full case folding). A Chinese character
    becomes its pinyin with the tone's number and then itself, so 张 and 章 (both zhang1) do not mix and both
    stand at Z. It is taken alone, at its commonest reading: looking at its neighbours as well (重 in 重庆)
    would be right more often, but costs a hundred times as much in every save.
    """
    if text.isascii():
        return text[:LONGEST].lower()
    folded = unicodedata.normalize("NFKD", text[:LONGEST]).casefold()
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return _HAN.sub(lambda match: _reading(match.group()), bare)[:LONGEST]


@cache  # at most one entry for each of some 98,000 characters
def _reading(character: str) -> str:
    from pypinyin import Style, lazy_pinyin  # its dictionaries cost 20 MB; many never need them

    syllable = lazy_pinyin(character, style=Style.TONE3, neutral_tone_with_five=True)[0]
    return f"{syllable}{character}" if syllable.isascii() else character
