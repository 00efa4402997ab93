"""What a search found, as plain values; fills the command palette and the search page alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place to go; `note` says what it is."""

    title: str
    href: str
    icon: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitGroup:
    """Hits of one object, or the commands."""

    label: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All hits for `words`."""

    words: str
    groups: tuple[HitGroup, ...]

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
