"""What is wrong in a document, told to the person who wrote it.

An Issue is coded, placed and hinted. Compiling collects all of them and raises one `Rejected`.
Refusals while the product runs are Problems and live in the engine.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formula.source import Place, Source, Span

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One kind of Issue, as the reference page lists it: what it is, why it comes, how to mend it."""

    id: str
    title: str
    cause: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault or warning at one place."""

    code: Code
    message: str
    source: Source
    span: Span
    hint: str = ""
    severity: Severity = "error"

    @property
    def place(self) -> Place:
        """File, line and column of the first character of the fault."""
        return self.source.place(self.span.start)

    def render(self) -> str:
        """The Issue for a terminal: its place, the line it stands in, a caret below, the hint."""
        place = self.place
        lines = [f"{place}: {self.severity} {self.code.id}: {self.message}", *self._excerpt(place)]
        return "\n".join([*lines, f"  hint: {self.hint}"] if self.hint else lines)

    def _excerpt(self, place: Place) -> list[str]:
        origin, start = self.source.origin(self.span.start)
        line = origin.line(place.line)
        if not line.strip():
            return []
        _, last = self.source.origin(max(self.span.start, self.span.end - 1))
        first = place.column - 1
        reach = max(first + 1, min(len(line), first + last - start + 1))
        return [f"  {line}", f"  {_padding(line[:first])}{'^' * max(1, _width(line[first:reach]))}"]


class Rejected(Exception):  # noqa: N818 - a verdict, read as `except Rejected`
    """A text or package that cannot be used, with every Issue that was found in it."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        super().__init__()
        self.issues: tuple[Issue, ...] = tuple(issues)

    def __str__(self) -> str:
        return "\n".join(issue.render() for issue in self.issues)


def _padding(text: str) -> str:
    """Blanks as wide as `text` is on a terminal; tabs stay tabs."""
    if text.isascii() and "\t" not in text:
        return " " * len(text)
    return "".join("\t" if character == "\t" else " " * _width(character) for character in text)


def _width(text: str) -> int:
    """Terminal columns of `text`: wide characters (Chinese) take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
