"""The files on a record, as plain values: `pages/attachments.py` fills them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Component
    from runtime.web.input import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One file: how it is shown, and its id for what is done with it."""

    id: str
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachments:
    """`action` takes what is done with them, "" where the reader may change nothing; `adding` is for more."""

    label: str
    files: tuple[Attached, ...]
    action: str
    adding: Input | None = None

    def component(self) -> Component:
        """The panel."""
        return component("attachments.html", self)
