"""Text to tokens: what is put into the index of a text, and what of a typed word is looked up in it.

Case, accents and width do not count. A run of Chinese, Japanese or Korean becomes its characters and pairs of
neighbours, so that any part of it is found; a run of letters and digits is found by its beginning, a long
number by any part of it. Titles are found by pinyin and initials as well, and as a whole. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST_TEXT = 4000
"""Characters of a field that are looked at; a longer text is found by its beginning."""
LONGEST_TOKEN = 40
LONGEST_PINYIN = 24
LONGEST_WHOLE = 60
SHORTEST_SPELLED = 4
"""Letters of the shortest word in which a slip is forgiven."""

WHOLE = "_"
PINYIN = "-"
SPELLED = "_"

_EAST = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
_RUN = re.compile(rf"[{_EAST}]+|[^\W_{_EAST}]+")
_EASTERN = re.compile(f"[{_EAST}]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+")
_PIECE = re.compile(r"(?<=\d)(?=\D)|(?<=\D)(?=\d)")
_NUMBER = re.compile(r"\d{5,20}")
_LETTERS = re.compile(r"[a-z]+")
_SHORTEST_END = 3

# Frequent characters of names that are read in more than one way; only beside these are neighbours looked at,
# which takes a hundred times as long.
_SEVERAL = frozenset("重行长乐都率会单解查仇曾任区盖朝调中参传藏奇尉柏朴种石翟秘缪车降隆系兴")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One token to look up; with `prefix`, any that begins with it."""

    text: str
    prefix: bool = False


def folded(text: str) -> str:
    """The text without case, accents and width."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare)


def runs(text: str) -> list[str]:
    """The runs of folded text, East Asian ones and others; what lies between them is not searched."""
    return _RUN.findall(text)


def eastern(run: str) -> bool:
    """Whether a run is of characters that are written without blanks between words."""
    return _EASTERN.match(run) is not None


def read(text: str) -> list[str]:
    """The runs of any text, folded."""
    return runs(folded(text[:LONGEST_TEXT]))


def word_tokens(found: Sequence[str]) -> Iterator[str]:
    """The tokens of the runs of a text, some of them perhaps more than once."""
    for run in found:
        if run.isascii() and run.isalpha():
            yield run[:LONGEST_TOKEN]
        elif eastern(run):
            yield from run
            yield from pairs(run)
        else:
            yield from _ends(run[:LONGEST_TOKEN])


def title_tokens(found: Sequence[str]) -> Iterator[str]:
    """What only the title of a record has: itself as a whole, and its pinyin; each with its mark in front."""
    if found:
        yield WHOLE + WHOLE.join(found)[:LONGEST_WHOLE]
    for han in (han for run in found if not run.isascii() for han in _HAN.findall(run)):
        for reading in _readings(han):
            yield from (PINYIN + token for token in _pinyin(reading))


def spelled_tokens(found: Sequence[str]) -> Iterator[str]:
    """The Latin words of a title in which a slip is forgiven, with their mark."""
    return (SPELLED + run for run in found if forgiving(run))


def forgiving(word: str) -> bool:
    """Whether a folded word is one in which a slip is forgiven."""
    return SHORTEST_SPELLED <= len(word) <= LONGEST_PINYIN and word.isascii() and word.isalpha()


def whole(bare: str) -> str:
    """Folded text as the one token that stands for all of it."""
    return WHOLE.join(runs(bare))[:LONGEST_WHOLE]


def terms(run: str) -> tuple[Term, ...]:
    """What must be found for one run of a typed word: all of these, in one field."""
    if not eastern(run):
        return (Term(text=run[:LONGEST_TOKEN], prefix=True),)
    return tuple(Term(text=pair) for pair in pairs(run)) or (Term(text=run),)


def pinyin_terms(run: str) -> tuple[Term, ...]:
    """How a run of letters is looked up as pinyin or initials; one letter would find nearly everything."""
    if len(run) < 2 or not _LETTERS.fullmatch(run):
        return ()
    return (Term(text=PINYIN + run[:LONGEST_PINYIN], prefix=True),)


def pairs(run: str) -> Iterator[str]:
    """The neighbours in a run."""
    return (run[at : at + 2] for at in range(len(run) - 1))


def initials(text: str) -> str:
    """The first letters of the pinyin of the Chinese characters of a text."""
    return "".join(_syllable(each)[0] for run in _HAN.findall(folded(text)) for each in run)


def spoken(text: str) -> str:
    """The pinyin of the Chinese characters of a text, in one word."""
    return "".join(_syllable(each) for run in _HAN.findall(folded(text)) for each in run)


def _ends(run: str) -> Iterable[str]:
    """A run and its ends: where letters meet digits, and within long numbers everywhere."""
    found = {0: None}
    found |= dict.fromkeys(cut.start() for cut in _PIECE.finditer(run))
    for number in _NUMBER.finditer(run):
        found |= dict.fromkeys(range(number.start(), number.end() - _SHORTEST_END + 1))
    return (run[start:] for start in found)


def _readings(run: str) -> list[list[str]]:
    """How a run of Chinese is read character by character, and as a phrase where that may differ."""
    alone = [_syllable(character) for character in run]
    if _SEVERAL.isdisjoint(run):
        return [alone]
    from pypinyin import lazy_pinyin

    phrase = lazy_pinyin(run)
    return [alone] if phrase == alone or len(phrase) != len(alone) else [alone, phrase]


def _pinyin(reading: list[str]) -> Iterator[str]:
    """The syllables from each on, in one word, and their initials."""
    first = "".join(syllable[0] for syllable in reading)
    for start in range(len(reading)):
        yield "".join(reading[start : start + LONGEST_PINYIN])[:LONGEST_PINYIN]
        if start + 1 < len(reading):
            yield first[start : start + LONGEST_PINYIN]


@cache  # at most one entry for each of some 98,000 characters
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin  # its dictionaries cost 20 MB; many never need them

    return lazy_pinyin(character)[0]
