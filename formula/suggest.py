"""Nearest names for "did you mean", and the functions people know from Salesforce that are still to come."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_YET = frozenset({"PARENTGROUPVAL", "PREVGROUPVAL"})
"""Those that come with what they speak of; a function that is declared is never looked up here."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name most like `word`, case aside; empty when none is near."""
    by_folded = {name.casefold(): name for name in known}
    matches = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint sentence, or empty."""
    name = nearest(word, known)
    return f"did you mean {name}?" if name else ""
