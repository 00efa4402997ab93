"""The names of files as people give them, made fit to be kept, shown and sent; never a path.

A name decides nothing: bytes lie under their digest, and what kind of file it is its content says.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
NAMELESS = "file"

_PATH = re.compile(r"[\\/]+")
_KEPT = frozenset({"Mn", "Mc", "Zs"})
"""Marks and blanks are written; controls, line ends and what turns the direction of text are not."""


def file_name(given: str) -> str:
    """What a file is called: the last part of a path, in one line, without dots at its ends, never blank.

    Of a long name the ending stays.
    """
    last = _PATH.split(unicodedata.normalize("NFC", given))[-1]
    shown = "".join(each for each in last if _is_shown(each))
    name = " ".join(shown.split()).strip(". ")
    stem, ending = _parted(name)
    return f"{stem[: LONGEST - len(ending)].rstrip()}{ending}" or NAMELESS


def extension(name: str) -> str:
    """The ending in lower case, without the dot; "" where there is none."""
    return _parted(name)[1].removeprefix(".").lower()


def _parted(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, f".{ending}") if dot and stem and 0 < len(ending) <= 16 else (name, "")


def _is_shown(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] not in "CZM" or kind in _KEPT or character == "\u200d"  # emoji are joined by it
