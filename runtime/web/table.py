"""The list page of an object, as plain values: views, filters, columns, rows, figures.

`pages/listing.py` fills it from a Query's answer; nothing here asks for data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runtime.web.component import Component, component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Link, ObjectLabel
    from runtime.web.input import Choice, Input

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` is in CSS pixels; `href` sorts by the column, "" when it cannot be sorted.

    `card` is its place on a phone's card: "m1" top right, "m2" bottom left, "m3" bottom right, "" none.
    """

    name: str
    label: str
    width: int
    end: bool = False
    href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    card: str = ""

    @property
    def classes(self) -> str:
        """The style classes of its cells."""
        return " ".join(part for part in ("end num" if self.end else "", self.card) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: where it opens, its title, and a cell per column."""

    id: str
    title: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force; `remove` is the list without it."""

    field: str
    operator: str
    value: str
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filterable:
    """A column by which the list can be filtered, with its operators and the input for the value."""

    name: str
    label: str
    operators: tuple[Choice, ...]
    input: Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """One way to sort."""

    label: str
    href: str
    descending: bool
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """List state that a form of the page carries along in hidden inputs, by form."""

    find: Pairs
    filter: Pairs
    columns: Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """All a list page shows. `delete` is posted the chosen ids; `empty` stands in when there are no rows."""

    object: ObjectLabel
    views: tuple[Link, ...]
    action: str
    here: str
    find: str
    keep: Keep
    chips: tuple[Chip, ...]
    filterable: tuple[Filterable, ...]
    sorting: tuple[Sorting, ...]
    sorted: str
    choosable: tuple[Choice, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: Component
    figures: tuple[str, ...]
    previous: str
    next: str
    deletable: bool
    delete: str

    @property
    def width(self) -> int:
        """The table's width in CSS pixels: its columns and, if rows can be chosen, the one with the boxes."""
        return 40 * self.deletable + sum(column.width for column in self.columns)

    def component(self) -> Component:
        """The list below the top bar."""
        made = component("list.html", self)
        return Component(template=made.template, values={**made.values, "width": self.width})


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What stands where there is nothing, and the next step."""

    symbol: str
    title: str
    text: str
    href: str = ""
    label: str = ""

    def component(self) -> Component:
        """The notice in the middle of its surface."""
        return component("empty.html", self)
