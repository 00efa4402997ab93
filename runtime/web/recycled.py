"""The recycle bin, as plain values: what was deleted, newest first, with the ways to bring it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class BinLine:
    """One record. `href` shows it as it was; `restore` and `purge` are where that is posted; "" where not.

    `at` is ISO 8601, `when` for people; `along` tells what went in with it.
    """

    id: str
    object: str
    title: str
    href: str
    at: str
    when: str
    who: str
    reason: str
    along: str
    restore: str
    purge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BinPage:
    """A page of the bin; `kept` says for how long, `older` leads on, `back` is this page.

    `shown` names the one object that is listed, with the way to all.
    """

    lines: tuple[BinLine, ...]
    kept: str
    older: str
    back: str
    shown: Link | None = None

    def component(self) -> Component:
        """The page below the top bar."""
        return component("bin.html", self)
