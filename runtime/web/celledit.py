"""A cell of a list while it is edited: its input, what a save refused, the version it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.input import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEdit:
    """`action` is where the input is posted."""

    input: Input
    action: str
    version: int | None

    def component(self) -> Component:
        """The form inside the cell."""
        return component("cell_edit.html", self)
