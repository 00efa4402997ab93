"""A value ready to be shown: what kind of thing it is, its text, and where it leads.

Templates know these kinds and nothing of field types; `display.py` makes cells out of fields and values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "blank", "text", "long", "number", "badge", "person", "flag", "rich", "stars", "color", "code", "list",
    "error", "markup", "file",
]  # fmt: skip

TONES = {
    "blue": "blue", "indigo": "blue", "green": "green", "lime": "green", "cyan": "cyan", "teal": "cyan",
    "sky": "cyan", "amber": "amber", "orange": "amber", "yellow": "amber", "red": "red", "pink": "red",
    "rose": "red", "violet": "violet", "purple": "violet",
}  # fmt: skip
"""Colour names that metadata may use, to the tones of the style sheet; any other is grey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`tone` colours a badge and says yes for a flag; `end` aligns to the end of the line, as numbers are.

    `html` is what rich text looks like at full length, cleaned when it was saved, or a computed text with
    links and pictures, cleaned just now. `items` are those of a list, whose `text` is all of them in one
    line. `why` says how an error came about. `thumb` is the address of a small picture of a file, "" where it
    has none, and `note` how large the file is.
    """

    kind: Kind
    text: str = ""
    href: str = ""
    tone: str = ""
    end: bool = False
    html: str = ""
    items: tuple[Cell, ...] = ()
    why: str = ""
    thumb: str = ""
    note: str = ""


BLANK = Cell(kind="blank")


def tone(color: str | None) -> str:
    """The tone for a colour name of the metadata, "" for grey."""
    return TONES.get(color or "", "")
