"""The form in which a view is shared, as plain values; `pages/view_sharing.py` fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.input import Choice, Input


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareForm:
    """Everybody, groups that are ticked, people and departments that are searched for."""

    title: str
    id: str
    action: str
    back: str
    everyone: bool
    groups: tuple[Choice, ...]
    inputs: tuple[Input, ...]

    def component(self) -> Component:
        """The form as a card of its own page."""
        return component("share_view.html", self)
