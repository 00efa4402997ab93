"""The form of a record and the page for a version conflict, as plain values.

`pages/form.py` fills them; what was refused stands beside its field and once more, with a link, at the top.
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
class FormSection:
    """A titled group of inputs in one or two columns; a `hidden` one is not shown now."""

    id: str
    label: str
    columns: int
    inputs: tuple[Input, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Something refused: the id of its input and the field's label, both "" when it belongs to no field."""

    at: str
    label: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`version` is what the reader saw when the form opened, None for a new record. `draft` names a draft.

    `was` is what the inputs held when the form was opened, as the form brings it back; `carried` what else it
    does. `copied` are names, parted by blanks, of inputs whose values no default replaces. `preview` says how
    the fields stand with what is typed so far, "" where that changes nothing. `twins` are records that may be
    the same.
    """

    action: str
    version: int | None
    back: str
    draft: str
    cancel: str
    was: str
    sections: tuple[FormSection, ...]
    tables: tuple[Component, ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
    copied: str = ""
    preview: str = ""
    problems: tuple[Complaint, ...] = ()
    summary: str = ""
    dialog: str = ""
    twins: Component | None = None

    def component(self) -> Component:
        """The form alone, as htmx swaps it."""
        return component("form.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form (or conflict) with its heading; `kind` is the record type, `kinds` the way to choose another.

    `aside` is another way to the form, with more or less in it. `watch` is who is asked, while one types,
    about records that may be the same, "" where no rule compares any.
    """

    object: ObjectLabel
    heading: str
    form: Component
    kind: str = ""
    kinds: str = ""
    aside: Link | None = None
    watch: str = ""

    def component(self) -> Component:
        """The page below the top bar."""
        return component("form_page.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPage:
    """The question which type a new record is of."""

    object: ObjectLabel
    heading: str
    kinds: tuple[Link, ...]
    cancel: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("kinds.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of which two versions exist: as shown, and as the form would send it."""

    name: str
    label: str
    theirs: Cell
    theirs_raw: str
    mine: Cell
    mine_raw: str
    mine_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Both versions side by side; `version` is the one saved now.

    `was` is what is saved now, as the form brings it back; `carried` is what else was typed.
    """

    action: str
    version: int
    was: str
    rows: tuple[Difference, ...]
    cancel: str
    carried: tuple[tuple[str, str], ...] = ()

    def component(self) -> Component:
        """The choice per field, as a form."""
        return component("conflict.html", self)
