"""With whom a record is shared, as a page shows it: its team and its shares; adding and removing.

Plain values for `templates/sharing.html`; `runtime/web/pages/sharing.py` fills them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import Component, component

if TYPE_CHECKING:
    from runtime.web.cell import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Insider:
    """Somebody who was let in: her name, what she is (a user, a group…) in a word and a symbol, the rest."""

    id: str
    name: str
    sort: str
    symbol: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """One way in; `add` is the form for one more, "" when the reader may not."""

    label: str
    columns: tuple[str, ...]
    people: tuple[Insider, ...]
    add: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingPage:
    """All that the page shows. `action` takes what is to be removed."""

    title: str
    back: str
    action: str
    circles: tuple[Circle, ...]

    def component(self) -> Component:
        """The page below the top bar."""
        return component("sharing.html", self)
