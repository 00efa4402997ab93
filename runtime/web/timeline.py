"""What happened to a record, as plain values: beside its page, newest first, and in full as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One field that changed, with both values as the record page shows them."""

    field: str
    old: Cell
    new: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `at` is ISO 8601, `when` the same for people, `actor` who did it.

    `href` leads to the record as it was then.
    """

    icon: str
    tone: str
    actor: str
    text: str
    at: str
    when: str
    changes: tuple[ChangeLine, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The newest of what happened to one record; `more` leads to all of it, "" when this is all."""

    entries: tuple[Entry, ...]
    more: str = ""

    def component(self) -> Component:
        """The content of the rail."""
        return component("timeline.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that happened to one record, a row for each value that changed."""

    entries: tuple[Entry, ...]

    def component(self) -> Component:
        """The table."""
        return component("history.html", self)
