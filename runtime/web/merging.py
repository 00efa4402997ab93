"""Merging records, as plain values: choosing another record, side by side, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.changes import Kept
    from runtime.web.component import Component, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A record: `keeps` when the others become part of it; `remove` leads to the page without it."""

    id: str
    title: str
    href: str
    version: int
    when: str
    keeps: bool
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What may be taken for a field: one record's value, or of a list all of them (`union`)."""

    value: str
    label: str
    cells: tuple[Cell, ...]
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """A field; there is nothing to pick where the records do not differ. `together` is for lists alone."""

    name: str
    label: str
    picks: tuple[Pick, ...]
    together: Pick | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePage:
    """The form: `rows` with those that differ first, what moves; `more` leads to choosing another record."""

    title: str
    action: str
    back: str
    columns: tuple[Column, ...]
    rows: tuple[MergeRow, ...]
    moving: tuple[str, ...]
    reason: str
    messages: tuple[str, ...]
    more: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("merge.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePick:
    """Looking for a record to be merged with those chosen; `found` lead to the form."""

    title: str
    action: str
    back: str
    chosen: tuple[Link, ...]
    ids: str
    q: str
    found: tuple[Link, ...]
    message: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("merge_pick.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPage:
    """What came of it where something gave way; `changes` leads to the change set, where it can be undone."""

    title: str
    text: str
    kept: tuple[Kept, ...]
    changes: str
    back: str
    name: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("merged.html", self)
