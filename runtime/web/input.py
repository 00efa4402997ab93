"""An input of a form: what kind of control it is, its name, value, hint and errors.

Templates know these kinds and nothing of field types; `editing.py` makes inputs out of fields and values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "line", "area", "check", "choice", "lookup", "date", "datetime", "decimal",
    "time", "rich", "code", "color", "rating", "choices", "tags", "lookups", "any", "lines", "parts", "fixed",
    "file",
]  # fmt: skip
GROUPS = frozenset({"rating", "parts"})
"""Kinds that are several controls, named together by a legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a select or a list of checkboxes; one that is `hidden` is not offered now."""

    value: str
    text: str
    current: bool = False
    hidden: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """`value` is the text the control starts with; `prefix` and `suffix` stand inside (currency, per cent).

    `options` are choices, or what a look-up holds now. `source` answers a look-up's searches, `create` is the
    form for a new record of its target, "" for none; `targets` are the objects that it may lead to, where
    these are several. `parts` are the inputs of a value made of several. `limit` is the longest text or the
    most stars; `wide` spans all columns. `key` tells two inputs of one name on a page apart.

    `options` of a file are those that are held; `accept` says which kinds are taken, `way` how: as a file, as
    a picture, or drawn by hand.

    A `hidden` input is not shown now, a `fixed` one cannot be changed now: both are the conditions' doing.
    """

    kind: Kind
    name: str
    label: str
    value: str = ""
    required: bool = False
    hint: str = ""
    errors: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()
    source: str = ""
    create: str = ""
    targets: tuple[Choice, ...] = ()
    parts: tuple[Input, ...] = ()
    type: Literal["text", "email", "tel", "url"] = "text"
    way: Literal["file", "image", "signature"] = "file"
    accept: str = ""
    several: bool = False
    limit: int | None = None
    prefix: str = ""
    suffix: str = ""
    placeholder: str = ""
    wide: bool = False
    autofocus: bool = False
    hidden: bool = False
    fixed: bool = False
    key: str = ""

    @property
    def id(self) -> str:
        """The control's id in the page."""
        return f"field-{self.key or self.name}"

    @property
    def group(self) -> bool:
        """Whether it is several controls."""
        return self.kind in GROUPS
