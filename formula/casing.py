"""Upper and lower case, letter by letter, and words, from one table for Python and both databases.

Only letters whose partner is a single letter change (`ß` stays `ß`), so that `translate` of any
database can do the same. The table is `casing.txt`; a test compares it with Python's Unicode data.
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

_TO_LOWER = str.maketrans(LOWERED, LOWER)
_WORD = re.compile(f"[{WORDS}]+")
_TO_UPPER = str.maketrans(RAISED, UPPER)


def lower(text: str) -> str:
    """The text in lower case."""
    return text.lower() if text.isascii() else text.translate(_TO_LOWER)


def upper(text: str) -> str:
    """The text in upper case."""
    return text.upper() if text.isascii() else text.translate(_TO_UPPER)


def capitalised(text: str) -> str:
    """Each run of letters and digits with a first letter in upper case, the others in lower case."""
    return _WORD.sub(lambda word: upper(word[0][0]) + lower(word[0][1:]), text)
