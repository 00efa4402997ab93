"""The record page, as plain values: title, highlights, tabs and what stands in the chosen one.

`pages/record.py` fills it; the path of stages is `stage.py`, lists of other records are `lists.py`, the rail
beside it `timeline.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.cell import Cell
    from runtime.web.component import Component, Link, ObjectLabel
    from runtime.web.input import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A field above the fold."""

    label: str
    cell: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A field in a section. `edit` opens the form at it, `fragment` an input in place; "" when read-only.

    `reveal` is the address that tells a secret value; "" where there is none, or the reader may not know it.
    `focused` is the one that was edited a moment ago.
    """

    name: str
    label: str
    value: Cell
    wide: bool = False
    edit: str = ""
    fragment: str = ""
    reveal: str = ""
    focused: bool = False

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
    """A titled group of values. `key` is what the browser remembers it by when it is closed or opened."""

    key: str
    label: str
    columns: int
    fields: tuple[Component, ...]
    open: bool = True

    def component(self) -> Component:
        """The section, which can be closed."""
        return component("section.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """All a record page shows; `edit` and the addresses below it are "" when the reader may not.

    `parts` stand in the chosen tab one below the other, `rail` beside it.
    """

    object: ObjectLabel
    id: str
    version: int | None
    title: str
    number: str
    kind: str
    actions: tuple[Link, ...]
    edit: str
    clone: str
    delete: str
    sharing: str = ""
    access: str = ""
    highlights: tuple[Highlight, ...]
    stage: Component | None
    tabs: tuple[Link, ...]
    parts: tuple[Component, ...]
    rail: tuple[Component, ...]

    def component(self) -> Component:
        """The record below the top bar."""
        return component("record.html", self)
