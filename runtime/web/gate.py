"""The sign-in page, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """`login` is what was typed before a refusal; `back` is where signing in leads; `here` is this page.

    `message` says what was refused, `note` why the page appears at all.
    """

    title: str
    company: str
    action: str
    back: str
    here: str
    login: str = ""
    message: str = ""
    note: str = ""
    scripts: tuple[str, ...] = ()

    def component(self) -> Component:
        """The whole page."""
        return component("gate.html", self)
