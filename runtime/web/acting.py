"""The page that asks before an administrator acts as another user, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingForm:
    """`name` is the user to act as; `message` says why it cannot be."""

    name: str
    action: str
    back: str
    message: str = ""

    def component(self) -> Component:
        """The page below the top bar."""
        return component("acting.html", self)
