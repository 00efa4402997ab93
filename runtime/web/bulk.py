"""What is done with many records at once, as plain values: the form of one field, and what came of it.

`pages/selection.py` fills both; nothing here asks for data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.input import Choice, Input


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEdit:
    """The form in which one field of chosen records gets one value.

    The records are `ids`, or all that match `query` when `all` is set. `input` is None until a field is
    chosen. `show` is where the form is asked for again with another field.
    """

    title: str
    show: str
    action: str
    back: str
    query: str
    all: bool
    ids: tuple[str, ...]
    fields: tuple[Choice, ...]
    input: Input | None
    messages: tuple[str, ...] = ()

    def component(self) -> Component:
        """The form, for a dialog or a page of its own."""
        return component("bulk.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A record that was refused, and why."""

    title: str
    href: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What came of it: a sentence, and each record that was refused; `more` tells of those left out."""

    title: str
    text: str
    failures: tuple[Failure, ...]
    more: str
    back: str

    def component(self) -> Component:
        """The result, for a dialog or a page of its own."""
        return component("bulk_result.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """The page around the form or the result, for readers without script."""

    body: Component

    def component(self) -> Component:
        """The body of the page."""
        return component("bulk_page.html", self)
