"""Handing over, as plain values: what somebody holds with a new owner for each row, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.changes import Kept
    from runtime.web.component import Component, Link
    from runtime.web.input import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverRow:
    """A portion: `name` is what the form calls it, `to` chooses its own new owner.

    `gained` is how many of the records are new to the owner, "" where nobody was named.
    """

    name: str
    label: str
    chosen: bool
    count: str
    examples: tuple[Link, ...]
    gained: str
    to: Input


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverPage:
    """The form; `to` is the new owner of every chosen row without one of its own."""

    name: str
    action: str
    back: str
    to: Input
    reason: str
    rows: tuple[HandOverRow, ...]
    message: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("hand_over.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOverPage:
    """What came of it; `changes` leads to the change set, where it can be undone, "" if nothing moved."""

    title: str
    text: str
    name: str
    kept: tuple[Kept, ...]
    refused: int
    changes: str
    back: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("handed_over.html", self)
