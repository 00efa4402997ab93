"""The record page, as plain values: title, highlights, stages, sections, related lists.

`pages/record.py` fills it; the rail beside it is `timeline.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Component, Link, ObjectLabel
    from runtime.web.input import Input
    from runtime.web.table import Column, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A field above the fold."""

    label: str
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A field in a section. `edit` opens the form at it, `fragment` an input in place; "" when read-only."""

    name: str
    label: str
    value: Cell
    wide: bool = False
    edit: str = ""
    fragment: str = ""

    def component(self) -> Component:
        """The label and value, which is also the way to edit it."""
        return component("value.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueEdit:
    """A field being edited in place. `messages` are refusals that belong to no field."""

    input: Input
    action: str
    cancel: str
    fragment: str
    version: int | None
    messages: tuple[str, ...] = ()
    wide: bool = False

    def component(self) -> Component:
        """The input with its own save and cancel."""
        return component("value_edit.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A titled group of values."""

    label: str
    columns: int
    fields: tuple[Component, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStep:
    """One stage: passed, present, still to come, or where a lost record ended."""

    code: str
    label: str
    state: Literal["done", "now", "todo", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The path of a record. `following` is the code that Advance moves to, "" at the end."""

    action: str
    version: int | None
    field: str
    label: str
    steps: tuple[StageStep, ...]
    following: str
    movable: bool

    def component(self) -> Component:
        """The row of stages."""
        return component("stage.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedList:
    """Records that point here. `more` lists all of them, `create` makes one; "" for neither."""

    label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    more: str = ""
    create: str = ""

    def component(self) -> Component:
        """The list as a card."""
        return component("related.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """All a record page shows. `edit` and `delete` are "" when the reader may not."""

    object: ObjectLabel
    id: str
    title: str
    number: str
    actions: tuple[Link, ...]
    edit: str
    delete: str
    highlights: tuple[Highlight, ...]
    stage: Component | None
    tabs: tuple[Link, ...]
    sections: tuple[SectionView, ...]
    lists: tuple[Component, ...]
    timeline: Component

    def component(self) -> Component:
        """The record below the top bar."""
        return component("record.html", self)
