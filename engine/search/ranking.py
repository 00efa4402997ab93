"""How well a title answers what was typed. Equal ranks are put in order by how recent the record is."""

from __future__ import annotations

from enum import IntEnum

from engine.search.tokens import folded, initials, spoken, whole
from engine.search.wanted import LONGEST, bare_words


class Rank(IntEnum):
    """From the best to the last."""

    EXACT = 0
    BEGINS = 1
    SOUNDS = 2
    HOLDS = 3
    ELSEWHERE = 4


def rank(title: str | None, text: str) -> Rank:
    """The rank of a record by its title; None if it has none or the reader may not see it."""
    if title is None:
        return Rank.ELSEWHERE
    asked, kept = whole(folded(text[:LONGEST])), whole(folded(title))
    if kept.startswith(asked):
        return Rank.EXACT if kept == asked else Rank.BEGINS
    if asked.isascii() and (initials(title).startswith(asked) or spoken(title).startswith(asked)):
        return Rank.SOUNDS
    return Rank.HOLDS if all(whole(word) in kept for word in bare_words(text)) else Rank.ELSEWHERE
