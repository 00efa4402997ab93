"""Text with a way back to the file a person edits.

A formula inside a YAML document is a `Source` of its own whose `host` is the document and whose
`offsets` say where each of its characters stands there; so an Issue about a formula points into the
file, also within folded blocks and quoted scalars. The YAML reader makes these; everybody reads them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open interval of character offsets, `start <= end`, into one Source."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; line and column count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A text and where it came from.

    `offsets[i]` is the place of character `i` in `host.text`; one more entry for the end is welcome.
    Without a host the text is the file itself.
    """

    path: str
    text: str
    host: Source | None = None
    offsets: tuple[int, ...] = ()

    def origin(self, offset: int) -> tuple[Source, int]:
        """The outermost Source and the offset there of the character at `offset` here."""
        source, here = self, offset
        while source.host is not None:
            here = source._offset_in_host(here)
            source = source.host
        return source, max(0, min(here, len(source.text)))

    def place(self, offset: int) -> Place:
        """The file, line and column of the character at `offset`."""
        source, here = self.origin(offset)
        before = source.text[:here]
        return Place(source.path, before.count("\n") + 1, here - (before.rfind("\n") + 1) + 1)

    def line(self, number: int) -> str:
        """Line `number` (from 1) of this text, without its end; empty beyond the last."""
        lines = self.text.split("\n")
        return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""

    def _offset_in_host(self, offset: int) -> int:
        if not self.offsets:
            return offset
        if offset < len(self.offsets):
            return self.offsets[max(0, offset)]
        return self.offsets[-1] + (offset - len(self.offsets) + 1)
