"""Where the words of a search stand in a text, and the piece of a record in which they were found.

Looks at what the reader was given, so a snippet shows nothing that she may not read. What was found by pinyin
or by a slip stands nowhere as it was typed, and has no marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from engine.search.searched import texts
from engine.search.tokens import folded, runs
from engine.search.wanted import bare_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.fields.contract import FieldType
    from engine.record import Record
    from metadata.catalog import Field

BEFORE, AFTER = 30, 90
"""Characters around the first mark."""

Mark = tuple[int, int]
"""Start and end of a piece of a text, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of a field's text with its marks; `cut` says whether text was left out before and after."""

    field: Field
    text: str
    marks: tuple[Mark, ...]
    cut: tuple[bool, bool]


def marks(text: str, words: str) -> tuple[Mark, ...]:
    """Where the words stand in a text, whatever their case, accents and width; in order, without overlaps."""
    plain, places = _unfolded(text)
    found = sorted(mark for word in bare_words(words) for run in runs(word) for mark in _all(plain, run))
    joined: list[Mark] = []
    for start, end in ((places[start], places[end - 1] + 1) for start, end in found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def snippet(record: Record, words: str) -> Snippet | None:
    """The first field beside the title in which one of the words stands."""
    title = record.object.title
    for name, value in record.values.items():
        field = record.object.fields.get(name)
        if field is not None and field is not title and value is not None:
            for text in texts(cast("FieldType", field.sort), value):
                if where := marks(text, words):
                    return _around(field, text, where)
    return None


def _around(field: Field, text: str, where: tuple[Mark, ...]) -> Snippet:
    start = max(0, where[0][0] - BEFORE)
    end = min(len(text), where[0][1] + AFTER)
    inside = tuple((a - start, min(b, end) - start) for a, b in where if a < end)
    return Snippet(field=field, text=text[start:end], marks=inside, cut=(start > 0, end < len(text)))


def _unfolded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text` that it comes from."""
    parts = [folded(character) for character in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def _all(plain: str, word: str) -> Iterator[Mark]:
    at = plain.find(word)
    while at >= 0:
        yield at, at + len(word)
        at = plain.find(word, at + len(word))
