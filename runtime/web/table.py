"""The list page of an object, as plain values: views, filters, columns, rows in groups, figures.

`pages/listing.py` fills it from a Query's answer; nothing here asks for data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from runtime.web.component import Component, component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Link, ObjectLabel
    from runtime.web.filter import Chip, LogicForm
    from runtime.web.grouped import GroupHead, Grouping, Legend, Shade
    from runtime.web.input import Choice
    from runtime.web.state import Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` is in CSS pixels; `href` sorts by the column, "" when it cannot be sorted.

    `card` is its place on a phone's card: "m1" top right, "m2" bottom left, "m3" bottom right, "" none.
    Cells of a column with `field` can be edited in place; that is what the address calls the field.
    """

    name: str
    label: str
    width: int
    end: bool = False
    href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    card: str = ""
    field: str = ""

    @property
    def classes(self) -> str:
        """The style classes of its cells."""
        return " ".join(part for part in ("end num" if self.end else "", self.card) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: where it opens, its title, a cell per column, the colours of the row and of its cells."""

    is_head: ClassVar[bool] = False
    id: str
    title: str
    href: str
    cells: tuple[Cell, ...]
    shade: Shade | None = None
    shades: tuple[Shade | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of the table. `next` is the list from the next row on, "" at the end.

    `load` fetches the rows that follow these in the page, "" where a page is long enough.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row | GroupHead, ...]
    pickable: bool
    next: str = ""
    load: str = ""

    @property
    def span(self) -> int:
        """How many columns the table has, the one with the boxes included."""
        return len(self.columns) + self.pickable

    def component(self) -> Component:
        """The rows, for the table or to follow those in a page."""
        made = component("rows.html", self)
        return Component(template=made.template, values={**made.values, "span": self.span})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures over all records that match, as people read them; `load` fetches those that take longer."""

    figures: tuple[str, ...]
    load: str = ""

    def component(self) -> Component:
        """The left end of the status bar."""
        return component("figures.html", self)


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
    columns: Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What can be done with chosen rows: addresses, "" for what the reader may not do.

    `query` is the state of the list, for what is done with all records that match; `several` whether she may
    change more than one at once. `count` is how many match, as people write it; `all` offers to take all of
    them, not only those in the page.
    """

    edit: str
    delete: str
    merge: str
    query: str
    several: bool
    count: str
    all: bool

    @property
    def any(self) -> bool:
        """Whether rows can be chosen at all."""
        return bool(self.edit or self.delete)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveView:
    """How the reader keeps this list as a view of her own.

    `name` is the view she looks at, "" for one that is not hers; `changed` whether the list differs from it.
    `key` names any view for what is hers alone: its place among the tabs, and whether it opens first. `share`
    is the form for sharing it, "" for who may not; `moving` whether it can stand elsewhere.
    """

    action: str
    query: str
    id: str
    name: str
    default: bool
    changed: bool
    key: str = ""
    share: str = ""
    moving: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """All a list page shows; `empty` stands in when there are no rows. `cells` is where cells are edited.

    `notices` tell what of a view its reader may not see; `export` is where the list leaves as a file, "" for
    who may not.
    """

    object: ObjectLabel
    views: tuple[Link, ...]
    saving: SaveView
    action: str
    here: str
    find: str
    keep: Keep
    chips: tuple[Chip, ...]
    logic: LogicForm | None
    clear: str
    filterable: tuple[Link, ...]
    sorting: tuple[Sorting, ...]
    sorted: str
    choosable: tuple[Choice, ...]
    columns: tuple[Column, ...]
    rows: Component | None
    cells: str
    query: str
    empty: Component
    figures: Component
    previous: str
    bulk: Bulk
    grouping: Grouping
    legend: tuple[Legend, ...] = ()
    paintable: tuple[Link, ...] = ()
    notices: tuple[str, ...] = ()
    export: str = ""
    imports: str = ""

    @property
    def width(self) -> int:
        """The table's width in CSS pixels: its columns and, if rows can be chosen, the one with the boxes."""
        return 40 * self.bulk.any + sum(column.width for column in self.columns)

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
