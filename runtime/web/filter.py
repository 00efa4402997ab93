"""One filter of a list, as plain values: its chip in the toolbar and the form in which it is made or changed.

`pages/filters.py` makes both; nothing here asks for data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.input import Choice, Input
    from runtime.web.state import Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force, or with an `error` one that is not: the text tells why.

    `edit` is the form of the filter, `remove` the list without it; `number` is what a logic calls it by.
    """

    field: str
    operator: str
    value: str
    edit: str
    remove: str
    error: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicForm:
    """How several filters are joined: the logic `text`, blank for all of them, and what is wrong with it.

    `keep` is what the list shows besides, `clear` the list in which all of them hold.
    """

    action: str
    keep: Pairs
    text: str
    errors: tuple[str, ...] = ()
    clear: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """The form of one filter. `was` is the filter it replaces, `keep` what the list shows besides.

    Values are ticked among `options`, chosen among `periods` (of time) or typed into `inputs`. With `colors`
    it makes a colour rule instead.
    """

    title: str
    action: str
    keep: Pairs
    field: str
    was: str
    operators: tuple[Choice, ...]
    options: tuple[Choice, ...] = ()
    periods: tuple[Choice, ...] = ()
    inputs: tuple[Input, ...] = ()
    error: str = ""
    remove: str = ""
    back: str = ""
    colors: tuple[Choice, ...] = ()

    def component(self) -> Component:
        """The form, for the menu of the list or a page of its own."""
        return component("filter.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterPage:
    """The page around the form of a filter, for readers without script."""

    form: Component

    def component(self) -> Component:
        """The body of the page."""
        return component("filter_page.html", self)
