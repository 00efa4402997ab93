"""Text to untyped tree: the lark LALR tables, and what each rule builds.

The tables are made once per Language. A text without fault takes the straight way through lark; one
with faults is read again, token by token, by `formula.recovery`, which reports them all.
"""

from __future__ import annotations

from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING

from lark import Lark, Token, Transformer, UnexpectedInput

from formula.lexer import PatternLexer
from formula.source import Span
from formula.syntax import NEGATIVE, POSITIVE, Apply, Constant, Missing, Name, Node, group

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_PREFIXES = {"+": POSITIVE, "-": NEGATIVE}


def tables() -> Lark:
    """The LALR tables with the lexer and the tree builder wired in."""
    grammar = files("formula").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=PatternLexer, transformer=_Builder(), maybe_placeholders=False)


def parse(lark: Lark, text: str) -> Node | None:
    """The tree of a text without fault, else None: `recovery.diagnose` says why."""
    try:
        # The builder's callbacks replace lark's Tree by our nodes; its signature cannot know.
        node: Node = lark.parse(text)  # type: ignore[assignment]
    except UnexpectedInput:
        return None
    return node


class _Builder(Transformer[Token, Node]):
    """One method per rule of the grammar; called while parsing, from the leaves up."""

    def start(self, items: list[Node]) -> Node:
        return items[0]

    def row(self, items: list[Node | Token]) -> Node:
        if len(items) == 1:
            return items[0]  # type: ignore[return-value]
        operators = [(str(token), _span(token)) for token in items[1::2] if isinstance(token, Token)]
        return group([item for item in items[::2] if not isinstance(item, Token)], operators)

    def prefixed(self, items: tuple[Token, Node]) -> Node:
        sign, operand = items
        at = _span(sign)
        return Apply(_PREFIXES.get(sign, "!"), at, (operand,), at.to(operand.span))

    def name(self, items: list[Token]) -> Node:
        token = items[0]
        word = token.lower()
        if word in _WORDS:
            return Constant(_WORDS[word], _span(token))
        return Name(str(token), _span(token))

    def number(self, items: list[Token]) -> Node:
        return Constant(Decimal(items[0]), _span(items[0]))

    def text(self, items: list[Token]) -> Node:
        return Constant(unquote(items[0]), _span(items[0]))

    def missing(self, items: list[Token]) -> Node:
        return Missing(_span(items[0]))

    def apply(self, items: list[Node | Token]) -> Node:
        name, *rest = items
        assert isinstance(name, Token)
        arguments = tuple(item for item in rest if not isinstance(item, Token))
        at = _span(name)
        return Apply(str(name), at, arguments, Span(at.start, _end(items)))

    def group(self, items: Sequence[Node | Token]) -> Node:
        inner = items[1]
        assert not isinstance(inner, Token)
        return inner


def unquote(literal: str) -> str:
    """The text that a quoted literal stands for; an unknown escape such as `\\d` stays as written."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    pieces: list[str] = []
    characters = iter(body)
    for character in characters:
        if character != "\\":
            pieces.append(character)
            continue
        escaped = next(characters)
        pieces.append(_ESCAPES.get(escaped, "\\" + escaped))
    return "".join(pieces)


def _span(token: Token) -> Span:
    start = token.start_pos or 0
    return Span(start, start + len(token))


def _end(items: Sequence[Node | Token]) -> int:
    last = items[-1]
    return _span(last).end if isinstance(last, Token) else last.span.end
