"""An input of a form: what kind of control it is, its name, value, hint and errors.

Templates know these kinds and nothing of field types; `editing.py` makes inputs out of fields and values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["line", "area", "check", "choice", "lookup", "date", "datetime", "decimal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a select or a list of checkboxes."""

    value: str
    text: str
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """`value` is the text the control starts with; `prefix` and `suffix` stand inside (currency, per cent).

    `source` answers a look-up's searches; `limit` is the longest text; `wide` spans all columns.
    `key` tells two inputs of one name on a page apart.
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
    type: Literal["text", "email", "tel", "url"] = "text"
    limit: int | None = None
    prefix: str = ""
    suffix: str = ""
    wide: bool = False
    autofocus: bool = False
    key: str = ""

    @property
    def id(self) -> str:
        """The control's id in the page."""
        return f"field-{self.key or self.name}"
