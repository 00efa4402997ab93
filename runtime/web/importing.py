"""The steps of an import, as plain values: a file, what its columns and values mean, what would happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import component

if TYPE_CHECKING:
    from runtime.web.component import Component, Link
    from runtime.web.input import Choice, Input


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLine:
    """A saved mapping: what it is called, for which object, whose it is; `remove` is sent to remove it."""

    name: str
    object: str
    owner: str
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """Step 1: a file, what it is about ("" leaves that to be guessed), and a mapping saved before."""

    title: str
    steps: tuple[Link, ...]
    action: str
    objects: tuple[Choice, ...]
    mappings: tuple[Choice, ...]
    saved: tuple[SavedLine, ...]
    manage: str
    most: str
    messages: tuple[str, ...] = ()

    def component(self) -> Component:
        """The page below the top bar."""
        return component("import_upload.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """The fields of one object that a column can become."""

    label: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """A column: `value` is what it becomes (see `import_form`), "" for nothing; `why`, and how `sure`."""

    name: str
    head: str
    samples: tuple[str, ...]
    value: str
    sure: str = ""
    tone: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillRow:
    """A field that no row of the table fills: from a column too, or with one value for all new records."""

    label: str
    required: bool
    column: str
    columns: tuple[Choice, ...]
    constant: str
    value: str
    options: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """Another object that the rows fill; `remove` is what the form sends to leave it out again."""

    name: str
    label: str
    keys: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage:
    """Step 2: what each column becomes, by which field a record is known again, and how the file is read."""

    title: str
    steps: tuple[Link, ...]
    action: str
    rows: tuple[ColumnRow, ...]
    groups: tuple[FieldGroup, ...]
    fills: tuple[FillRow, ...]
    more: tuple[FieldGroup, ...]
    parts: tuple[PartLine, ...]
    addable: tuple[Choice, ...]
    objects: tuple[Choice, ...]
    modes: tuple[Choice, ...]
    days: tuple[Choice, ...]
    numbers: tuple[Choice, ...]
    doubles: tuple[Choice, ...]
    clear: bool
    automation: bool
    count: str
    messages: tuple[str, ...] = ()

    def component(self) -> Component:
        """The page below the top bar."""
        return component("import_columns.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """A text of the file that names nothing, on how many rows it stands, and what it may mean."""

    name: str
    text: str
    count: str
    options: tuple[Choice, ...]
    search: Input | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueGroup:
    """The texts of one column. They may be left `blank`; `create` is sent to have missing records made."""

    name: str
    label: str
    field: str
    rows: tuple[ValueRow, ...]
    blank: bool
    create: str = ""
    create_label: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesPage:
    """Step 3: texts that name no record and no option, each with what it probably means."""

    title: str
    steps: tuple[Link, ...]
    action: str
    back: str
    groups: tuple[ValueGroup, ...]

    def component(self) -> Component:
        """The page below the top bar."""
        return component("import_values.html", self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """Step 4: what the import would do. `run` starts it, "" while nobody knows; `save` keeps the mapping."""

    title: str
    steps: tuple[Link, ...]
    state: Component
    back: str
    run: str
    run_label: str
    save: str
    name: str

    def component(self) -> Component:
        """The page below the top bar."""
        return component("import_check.html", self)
