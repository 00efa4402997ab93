"""The pattern of record numbers, `INV-{DEPT}-{YYYY}-{00000}`: text, the department's code, parts of the day,
and one counter.

A number is its frame – the pattern with department and day filled in – with the counter set into it. Each
frame counts for itself, so a pattern with a year starts anew each year, and no number comes twice. Used by
the field type `auto_number`; who counts is `series.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_TOKEN = re.compile(r"\{(DEPT|YYYY|YY|MM|DD|0+)\}|([{}])|[^{}]+")
_PLACE = "{}"
MOST_ZEROS = 18
"""A counter is kept in 64 bits."""
DEPARTMENT = "{DEPT}"
NO_DEPARTMENT = "0"
"""Stands in the numbers of records without a department, and where the department has no code."""


class BadPatternError(ValueError):
    """A text is no pattern; the message says why, `hint` how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`parts` are texts and the names of placeholders within braces, in order; the counter is `{0}`.

    A `gap_free` one gives every number of a frame: writers wait for one another.
    """

    parts: tuple[str, ...]
    width: int
    gap_free: bool = False

    @property
    def departmental(self) -> bool:
        """Whether each department counts for itself."""
        return DEPARTMENT in self.parts

    def frame(self, day: date, department: str | None = None) -> str:
        """The number of a day, and of a department by its code, with `{}` in the place of its counter; no
        other text has a brace.
        """
        code = re.sub(r"[{}]", "", department or "") or NO_DEPARTMENT
        filled = (code if part == DEPARTMENT else part for part in self.parts)
        return "".join(_PARTS[part](day) if part in _PARTS else part for part in filled)

    def number(self, frame: str, count: int) -> str:
        """The number `count` of a frame, filled with zeros to the counter's width."""
        return frame.replace(_PLACE, str(count).zfill(self.width))


_PARTS = {
    "{YYYY}": lambda day: f"{day.year:04}",
    "{YY}": lambda day: f"{day.year % 100:02}",
    "{MM}": lambda day: f"{day.month:02}",
    "{DD}": lambda day: f"{day.day:02}",
}


def read_pattern(text: str, *, gap_free: bool = False) -> Pattern:
    """Read a pattern; raises `BadPatternError`."""
    parts, widths = [], []
    for token in _TOKEN.finditer(text):
        name, brace = token.groups()
        if brace:
            message = f"`{brace}` stands alone, or around something that is no placeholder."
            raise BadPatternError(
                message, "There are {DEPT}, {YYYY}, {YY}, {MM}, {DD} and the counter, such as {00000}."
            )
        if name and name.startswith("0"):
            widths.append(len(name))
        parts.append(_PLACE if name and name.startswith("0") else token.group())
    if len(widths) != 1 or widths[0] > MOST_ZEROS:
        message = f"A pattern has one counter of 1 to {MOST_ZEROS} digits."
        raise BadPatternError(message, "Write one, such as {00000}.")
    if {(DEPARTMENT, _PLACE), (_PLACE, DEPARTMENT)} & {*pairwise(parts)}:
        message = "The department's code and the counter would run into one another."
        raise BadPatternError(message, "Write a sign between them, such as {DEPT}-{00000}.")
    return Pattern(parts=tuple(parts), width=widths[0], gap_free=gap_free)
