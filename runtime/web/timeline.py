"""The rail of a record page, as plain values: what happened, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One field that changed, with both values as text; "" is blank."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `at` is ISO 8601, `when` the same for people."""

    icon: str
    tone: str
    text: str
    at: str
    when: str
    changes: tuple[ChangeLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The history of one record."""

    entries: tuple[Entry, ...]

    def component(self) -> Component:
        """The content of the rail."""
        return component("timeline.html", self)
