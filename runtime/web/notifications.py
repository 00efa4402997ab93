"""Notifications, as plain values: the latest in the bell's menu, and the page with all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notification; opening it is a post to `action`. `when` is relative, `exact` the instant."""

    text: str
    action: str
    icon: str
    when: str
    exact: str
    unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """`next` leads to older ones, to `back` marking all as read is posted; `whole` is the page."""

    notices: tuple[Notice, ...]
    next: str
    back: str
    whole: bool

    def component(self) -> Component:
        """The page below the top bar, or the list for the bell's menu."""
        return component("notifications.html", self)
