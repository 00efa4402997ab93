"""The records that may be the same as the one in a form, as values; `pages/duplicates.py` fills them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A record that the reader may open: what kind it is, how alike in words, and by which rule."""

    href: str
    title: str
    kind: str
    alike: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """`others` says that there are further ones, which the reader may not see; "" where there are none.

    `accept` is the label of the button that saves all the same, "" where nobody may or nothing was refused.
    """

    heading: str
    records: tuple[Twin, ...]
    others: str = ""
    accept: str = ""
    open: str = ""

    def component(self) -> Component:
        """The list, in its place in the form."""
        return component("duplicates.html", self)
