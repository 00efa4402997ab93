"""YAML text → a tree of Nodes with places, or Issues.

Scalars follow the YAML 1.2 core schema (`on`, `yes` and dates are texts), decimals are exact. Refused:
duplicate keys, anchors and aliases, tags, several documents in one file, keys that are not texts.
A file that breaks off gives the tree up to there, so that its names are still known. No file is opened here.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml
from yaml._yaml import CParser  # exported nowhere else

from formula.issue import Issue
from formula.source import Source, Span
from metadata import codes
from metadata.node import Node, Scalar

if TYPE_CHECKING:
    from formula.issue import Code

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+\Z")
_WORDS: dict[str, bool | None] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "Null": None, "NULL": None, "~": None, "": None,
}  # fmt: skip
_HINTS = (
    ("mapping values are not allowed", "A text with a colon and a space in it needs quotes."),
    ("cannot start any token", "Indent with spaces, not tabs; quote a text that begins with @, ` or %."),
    ("did not find expected key", "Check the indentation and the quotes of this line and the one before."),
    ("did not find expected ',' or ']'", "A list in brackets is not closed, or lacks a comma."),
    ("did not find expected ',' or '}'", "A mapping in braces is not closed, or lacks a comma."),
    ("block end", "Check the indentation of this line."),
    ("unexpected end of stream", "A quoted text is not closed."),
)
_MAX_DEPTH = 60

BYTE_ORDER_MARK = "\N{BYTE ORDER MARK}"
"""What some editors put before a text; it is none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of a text: the tree (perhaps only its beginning, or None) and what is wrong."""

    root: Node | None
    issues: tuple[Issue, ...]


class _BrokenError(Exception):
    """The events ended early; the trees under way keep what they have."""


@dataclass(slots=True)
class _Builder:
    """Builds one tree from the events of one text."""

    source: Source
    events: Any  # PyYAML's C parser has no types
    issues: list[Issue] = field(default_factory=list)
    depth: int = 0

    def next(self) -> Any:
        try:
            return self.events.get_event()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = 0 if mark is None else mark.index
            self.refuse(codes.SYNTAX, str(error.problem or error), Span(at, at + 1), _hint(str(error)))
        except yaml.YAMLError as error:
            at = getattr(error, "position", 0) or 0
            self.refuse(codes.SYNTAX, f"not YAML text: {getattr(error, 'reason', error)}", Span(at, at + 1))
        raise _BrokenError

    def refuse(self, code: Code, message: str, span: Span, hint: str = "") -> None:
        self.issues.append(Issue(code=code, message=message, source=self.source, span=span, hint=hint))

    def value(self, event: Any, into: list[Node], key: Span | None = None) -> None:
        """Append the value that begins with `event`; what is read of a broken one is appended too."""
        span = Span(event.start_mark.index, event.end_mark.index)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(codes.YAML_FEATURE, "an alias (`*name`) is not allowed here", span)
            into.append(Node(None, self.source, span, key))
            return
        if event.anchor is not None or event.tag is not None:
            self._plain_only(event, span)
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event.value) if event.implicit[0] and not event.style else event.value
            into.append(Node(value, self.source, span, key, event.style or ""))
            return
        self._collection(event, span, into, key)

    def _plain_only(self, event: Any, span: Span) -> None:
        if event.anchor is not None:
            self.refuse(
                codes.YAML_FEATURE,
                "an anchor (`&name`) is not allowed here",
                Span(span.start, span.start + 1),
            )
        if event.tag is not None and event.tag != "!":
            self.refuse(
                codes.YAML_FEATURE, "a tag (`!name`) is not allowed here", Span(span.start, span.start + 1)
            )

    def _collection(self, event: Any, span: Span, into: list[Node], key: Span | None) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.refuse(codes.SYNTAX, f"nested more than {_MAX_DEPTH} deep", span)
            raise _BrokenError
        entries: dict[str, Node] = {}
        items: list[Node] = []
        mapping = isinstance(event, yaml.MappingStartEvent)
        end = span.end
        try:
            end = self._entries(entries) if mapping else self._items(items)
        finally:
            into.append(Node(entries if mapping else items, self.source, Span(span.start, end), key))
        self.depth -= 1

    def _items(self, items: list[Node]) -> int:
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            self.value(event, items)
        return _index(event.end_mark)

    def _entries(self, entries: dict[str, Node]) -> int:
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            keys: list[Node] = []
            self.value(event, keys)
            name, span = self._key(event, keys[0], entries)
            values: list[Node] = []
            try:
                self.value(self.next(), values, span)
            finally:
                if name is not None and values:
                    entries[name] = values[0]
        return _index(event.end_mark)

    def _key(self, event: Any, key: Node, entries: dict[str, Node]) -> tuple[str | None, Span]:
        if not isinstance(event, yaml.ScalarEvent):
            self.refuse(codes.NOT_A_DOCUMENT, "a key must be a text", key.span)
            return None, key.span
        name: str = event.value
        if name == "<<":
            self.refuse(codes.YAML_FEATURE, "a merge key (`<<`) is not allowed here", key.span)
            return None, key.span
        if name in entries:
            first = self.source.place(_start(entries[name]))
            self.refuse(
                codes.DUPLICATE_KEY,
                f"the key `{name}` stands here twice",
                key.span,
                f"The first is in line {first.line}.",
            )
            return None, key.span
        return name, key.span


def read(path: str, text: str) -> Reading:
    """Read one document. `path` is only for messages."""
    source = Source(path=path, text=text.removeprefix(BYTE_ORDER_MARK))
    builder = _Builder(source=source, events=CParser(source.text))
    roots: list[Node] = []
    with suppress(_BrokenError):
        _documents(builder, roots)
    root = roots[0] if roots else None
    if not builder.issues and (root is None or not isinstance(root.value, dict) or not root.value):
        builder.refuse(codes.NOT_A_DOCUMENT, "a document is a mapping, beginning with its kind", Span(0, 1))
    return Reading(root=root, issues=tuple(builder.issues))


def _documents(builder: _Builder, roots: list[Node]) -> None:
    while not isinstance(event := builder.next(), yaml.StreamEndEvent):
        if isinstance(event, yaml.StreamStartEvent | yaml.DocumentEndEvent):
            continue
        if isinstance(event, yaml.DocumentStartEvent):
            if roots:
                at = _index(event.start_mark)
                builder.refuse(codes.NOT_A_DOCUMENT, "a second document begins here", Span(at, at + 3))
                return
            continue
        builder.value(event, roots)


def _scalar(text: str) -> Scalar:
    """A plain scalar by the YAML 1.2 core schema, but a number with leading zeros stays the code it is."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.match(text):
        return int(text)
    return Decimal(text) if _DECIMAL.match(text) else text


def _start(node: Node) -> int:
    return node.span.start if node.key is None else node.key.start


def _index(mark: Any) -> int:
    """The offset of a mark, in characters."""
    index: int = mark.index
    return index


def _hint(message: str) -> str:
    return next((hint for part, hint in _HINTS if part in message), "")
