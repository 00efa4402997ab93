"""What a search found, as plain values; fills the command palette and the search page alike."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.search.snippet import marks
from runtime.web.component import component

if TYPE_CHECKING:
    from engine.search.snippet import Mark
    from runtime.web.component import Component, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a title; `match` says that it is what was searched for."""

    text: str
    match: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place to go, or with a `setting` (name, value) a command to post to `href`; `note` tells the kind.

    `snippet` is a piece of another field in which the words stand, `field` its label.
    """

    title: tuple[Piece, ...]
    href: str
    icon: str
    note: str = ""
    field: str = ""
    snippet: tuple[Piece, ...] = ()
    setting: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class HitGroup:
    """Hits of one object, or the commands."""

    label: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All hits for `words`; `here` is the address that a command comes back to.

    `meant` are the words that were searched for in their place, as nothing was found for them.
    """

    words: str
    groups: tuple[HitGroup, ...]
    here: str = ""
    meant: str = ""

    def component(self) -> Component:
        """The list of hits."""
        return component("found.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The search page around the hits."""

    words: str
    found: Component

    def component(self) -> Component:
        """The page below the top bar."""
        return component("search.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The records seen last, as links of the navigation."""

    links: tuple[Link, ...]

    def component(self) -> Component:
        """The part of the navigation."""
        return component("recent.html", self)


def pieces(title: str, words: str = "") -> tuple[Piece, ...]:
    """A title cut where one of the `words` stands in it, whatever its case and accents."""
    return cut(title, marks(title, words))


def cut(text: str, where: tuple[Mark, ...]) -> tuple[Piece, ...]:
    """A text cut at its marks."""
    ends = [0, *(place for mark in where for place in mark), len(text)]
    parts = ((text[start:end], number % 2 == 1) for number, (start, end) in enumerate(pairwise(ends)))
    return tuple(Piece(text=part, match=match) for part, match in parts if part)
