"""A text inside a YAML scalar as a `Source` of its own, whose characters map back into the file.

The compiler uses it for formulas, so that a caret stands at the right column also in folded blocks and
quoted texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.source import Source

if TYPE_CHECKING:
    from metadata.node import Node

# How many characters follow the letter of an escape in double quotes (YAML 1.2, 5.7).
_ESCAPE_DIGITS = {"x": 2, "u": 4, "U": 8}


def embedded(node: Node, skip: int = 0) -> Source:
    """The text of a scalar from character `skip` on (1 leaves out the `=` of a formula)."""
    start, end = node.span.start, node.span.end
    text = node.text
    if not node.style and end - start == len(text):
        offsets = tuple(range(start + skip, end + 1))
    else:
        offsets = _align(text, node.source.text, _content(node), end, node.style)[skip:]
    return Source(path=node.source.path, text=text[skip:], host=node.source, offsets=offsets)


def _content(node: Node) -> int:
    """Where the contents begin: behind the opening quote, or on the line after a block's header."""
    start = node.span.start
    if node.style in ("|", ">"):
        return node.source.text.index("\n", start) + 1
    return start + 1 if node.style else start


def _align(text: str, raw: str, start: int, end: int, style: str) -> tuple[int, ...]:
    """The place in `raw[start:end]` of each character of `text`, and of its end.

    Visible characters stand in `raw` in the same order, only indentation and line ends differ; an escape in
    double quotes, and a doubled single quote, are one character.
    """
    offsets: list[int] = []
    here = start
    for character in text:
        here = _find(character, raw, here, end, style)
        offsets.append(min(here, end))
        here += _width(raw, here, end, style, character)
    return (*offsets, min(here, end))


def _find(character: str, raw: str, here: int, end: int, style: str) -> int:
    """Skip indentation, line ends and escaped line ends until `character` can stand here."""
    while style == '"' and here < end and raw[here] == "\\" and raw[here + 1] in "\r\n":
        here = _past_blanks(raw, here + 2, end)
    return here if character.isspace() else _past_blanks(raw, here, end, unless=character)


def _past_blanks(raw: str, here: int, end: int, unless: str = "") -> int:
    while here < end and raw[here].isspace() and raw[here] != unless:
        here += 1
    return here


def _width(raw: str, here: int, end: int, style: str, character: str) -> int:
    """How many raw characters one character of the text takes."""
    if here >= end:
        return 0
    if style == '"' and raw[here] == "\\":
        return 2 + _ESCAPE_DIGITS.get(raw[here + 1], 0)
    if style == "'" and character == "'":
        return 2
    return 1
