"""A table of figures as plain text, aligned for reading in a terminal and for pasting into a note."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def render(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table: the first column to the left, figures to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(_width(cell) for cell in column) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(
            _pad(cell, width, left=place == 0)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    rule = "-" * sum(widths, 2 * (len(widths) - 1))
    return "\n".join(["", title, rule, text[0].rstrip(), rule, *(line.rstrip() for line in text[1:]), rule])


def figure(value: float) -> str:
    """A figure with as many digits as mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _pad(cell: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(cell))
    return cell + space if left else space + cell


def _width(cell: str) -> int:
    """How many columns a terminal gives the text; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in cell)
