"""Lists of records that belong to the one shown, as plain values: related lists and tables of child rows.

`pages/related.py` and `pages/children.py` fill them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Component
    from runtime.web.table import Column, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedList:
    """Records that point here. `more` lists all of them, `create` makes one; "" for neither.

    `narrow` is the look in the rail: one line a record.
    """

    label: str
    symbol: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    count: str = ""
    more: str = ""
    create: str = ""
    narrow: bool = False

    def component(self) -> Component:
        """The list as a card."""
        return component("related_narrow.html" if self.narrow else "related.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sum of a column, below it: `at` counts columns from 0, -1 for a field that is no column."""

    at: int
    label: str
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRows:
    """Child rows as a table with its totals.

    `edit` opens the form at them, `more` lists all; "" for neither.
    """

    key: str
    name: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Total, ...]
    count: str = ""
    edit: str = ""
    more: str = ""
    open: bool = True

    def component(self) -> Component:
        """The table as a section of the page."""
        return component("children.html", self)
