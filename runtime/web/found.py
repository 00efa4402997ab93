"""What a search found, as plain values; fills the command palette and the search page alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a title; `match` says that it is what was searched for."""

    text: str
    match: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place to go, or with a `setting` (name, value) a command to post to `href`; `note` tells the kind."""

    title: tuple[Piece, ...]
    href: str
    icon: str
    note: str = ""
    setting: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class HitGroup:
    """Hits of one object, or the commands."""

    label: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All hits for `words`; `here` is the address that a command comes back to."""

    words: str
    groups: tuple[HitGroup, ...]
    here: str = ""

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
    """A title cut where one of the `words` (parted by blanks) stands in it, whatever its case."""
    wanted = [re.escape(word) for word in words.split()]
    if not wanted:
        return (Piece(text=title),)
    cut = re.split(f"({'|'.join(wanted)})", title, flags=re.IGNORECASE)
    return tuple(Piece(text=text, match=number % 2 == 1) for number, text in enumerate(cut) if text)
