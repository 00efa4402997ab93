"""How two texts are alike: by spelling, by sound, by pinyin; and the keys that likely ones share.

Texts come as compared forms (`forms.py`). A text that is spelt a little differently shares a key with the
right one because each key leaves one character out. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.matching.folding import HAN, fold, words
from engine.search.tokens import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE = 100
_NUMBER = re.compile(r"\d+")
_WINDOW = 8
"""Characters at the beginning and at the end of a long text, in one of which no more than one is wrong."""
_SHORTEST = 4
"""Characters of a text in which one may be wrong; in a shorter one, too many others would be near."""


def alike(one: str, other: str) -> int:
    """How alike two forms are, in percent: by their characters, whatever the order of the words.

    The likeness is RapidFuzz's ratio (insertions and deletions against the length of both). Numbers are no
    slips: No. 2 and No. 3 are two, however long their names.
    """
    from rapidfuzz import fuzz

    if _numbers(one) != _numbers(other):
        return 0
    return int(max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)))


def pinyin(form: str) -> str:
    """How Chinese characters are read, without tones, between letters that stay; blanks do not count."""
    bare = "".join(words(fold(form)))
    return "".join(spoken(each) if HAN.match(each) else each for each in bare)


def sound(form: str) -> str:
    """How words in Latin letters sound in English, by Metaphone; other words stay as they are."""
    import jellyfish

    heard = (
        jellyfish.metaphone(word) if word.isascii() and word.isalpha() else word for word in words(fold(form))
    )
    return " ".join(sorted(heard))


def neighbourhoods(form: str) -> Iterator[str]:
    """The keys of a form: two that differ in one character of their beginnings or ends share one."""
    numbers = _numbers(form)
    letters = words(_NUMBER.sub(" ", form))
    bare = "".join(sorted(letters) if " " in form else letters)
    for text in dict.fromkeys((bare[:_WINDOW], bare[-_WINDOW:])):
        yield f"{text}#{numbers}"
        if len(text) >= _SHORTEST:
            yield from (f"{text[:at]}{text[at + 1 :]}#{numbers}" for at in range(len(text)))


def _numbers(form: str) -> str:
    return " ".join(_NUMBER.findall(form))
