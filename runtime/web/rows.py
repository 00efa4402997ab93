"""Child rows as a table of inputs inside their parent's form, as plain values. `pages/rows.py` fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Component
    from runtime.web.input import Input
    from runtime.web.lists import Total
    from runtime.web.table import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One row. `start` begins the names of its inputs; `id` is "" for a new one.

    A column has an input, or a cell where it cannot be typed, or neither. `errors` belong to no column.
    """

    start: str
    id: str
    version: int | None
    was: str
    delete: bool
    inputs: tuple[Input | None, ...]
    cells: tuple[Cell | None, ...]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTable:
    """The table; `blank` is the row that the script copies for each new one, its number written as KEY."""

    id: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[FormRow, ...]
    blank: FormRow | None
    totals: tuple[Total, ...]
    deletable: bool

    def component(self) -> Component:
        """The table as a part of the form."""
        return component("form_rows.html", self)
