"""Upper and lower case, letter by letter, and words, from one table for Python and both databases.

Only letters whose partner is a single letter change (`ß` stays `ß`), so that `translate` of any
database can do the same. The table is `casing.txt`; a test compares it with Python's Unicode data.
A locale matters only where `i` and `ı` are two letters, in Turkish and Azerbaijani.
"""

from __future__ import annotations

import re
from importlib.resources import files

_PAIRS = files("formula").joinpath("casing.txt").read_text(encoding="utf-8").split("\n")
LOWERED, LOWER = _PAIRS[0], _PAIRS[1]
RAISED, UPPER = _PAIRS[2], _PAIRS[3]
"""`LOWERED[i]` becomes `LOWER[i]` in LOWER(); `RAISED[i]` becomes `UPPER[i]` in UPPER()."""
WORDS = _PAIRS[4]
"""The letters and digits that words are made of, as ranges for a pattern: `0-9A-Z…`."""
TURKIC = r"^(?:tr|az)(?![^_-])"
"""What a locale with two letters `i` begins with, in either case: `tr`, `tr_TR`."""
TURKIC_RAISED, TURKIC_UPPER = "iı", "İI"
TURKIC_LOWERED, TURKIC_LOWER = "Iİ", "ıi"

_TURKIC = re.compile(TURKIC, re.IGNORECASE | re.ASCII)
_TURKIC_TO_LOWER = str.maketrans(TURKIC_LOWERED, TURKIC_LOWER)
_TURKIC_TO_UPPER = str.maketrans(TURKIC_RAISED, TURKIC_UPPER)
_TO_LOWER = str.maketrans(LOWERED, LOWER)
_WORD = re.compile(f"[{WORDS}]+")
_TO_UPPER = str.maketrans(RAISED, UPPER)


def lower(text: str) -> str:
    """The text in lower case."""
    return text.lower() if text.isascii() else text.translate(_TO_LOWER)


def upper(text: str) -> str:
    """The text in upper case."""
    return text.upper() if text.isascii() else text.translate(_TO_UPPER)


def lower_in(text: str | None, locale: str | None = None) -> str | None:
    """The text in lower case as a locale has it: `tr` or `tr_TR`; others, and none, as without."""
    if text and locale and _TURKIC.match(locale):
        text = text.translate(_TURKIC_TO_LOWER)
    return lower(text) if text else None


def upper_in(text: str | None, locale: str | None = None) -> str | None:
    """The text in upper case as a locale has it."""
    if text and locale and _TURKIC.match(locale):
        text = text.translate(_TURKIC_TO_UPPER)
    return upper(text) if text else None


def capitalised(text: str) -> str:
    """Each run of letters and digits with a first letter in upper case, the others in lower case."""
    return _WORD.sub(lambda word: upper(word[0][0]) + lower(word[0][1:]), text)
