"""Reading a faulty text to its end, to report every fault in it and still get a tree.

Drives the same LALR tables token by token. Where a value is missing it feeds a `Missing`; where an
operator is missing it feeds a silent one; what nothing can follow is skipped. The tree is checked
afterwards, so that wrong names beside a wrong comma are reported too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lark import Token, UnexpectedToken
from lark.parsers.lalr_analysis import Shift

from formula import codes, slip
from formula.issue import Issue
from formula.source import Span
from formula.syntax import JUXTAPOSED, Missing

if TYPE_CHECKING:
    from lark import Lark
    from lark.parsers.lalr_interactive_parser import InteractiveParser

    from formula.issue import Code
    from formula.source import Source
    from formula.syntax import Node

_WORDS = {
    "AND": ("&&", "write AND(a, b) or a && b"),
    "OR": ("||", "write OR(a, b) or a || b"),
}
"""Functions that people write as operators: the operator that is meant, and how it is written."""

MOST = 100
"""Faults that are told of one text; nobody reads more."""
_CLOSERS = {"OPEN": "CLOSE", "MERGE": "RBRACE"}


def diagnose(lark: Lark, source: Source) -> tuple[Node, tuple[Issue, ...]]:
    """The tree of a faulty text, gaps and all, and its Issues in order of place."""
    reading = _Reading(lark, source)
    return reading.run(), tuple(reading.issues)


class _Reading:
    """One text on its way through the parser."""

    def __init__(self, lark: Lark, source: Source) -> None:
        self._source = source
        self._parser: InteractiveParser = lark.parse_interactive(source.text)
        self._before: Token | None = None
        self.issues: list[Issue] = []

    def run(self) -> Node:
        for token in self._parser.lexer_thread.lex(self._parser.parser_state):  # type: ignore[no-untyped-call]
            self._place(self._operator(token))
            self._before = token
        return self._finish()

    def _operator(self, token: Token) -> Token:
        """The operator meant by `a AND b`, `a OR b`, after reporting it; else the token."""
        symbol, hint = _WORDS.get(token.upper(), ("", ""))
        if not symbol or self._wants_value():
            return token
        self._report(codes.UNEXPECTED, _at(token), f"{token} is a function, not an operator", hint)
        return Token("INFIX", symbol, start_pos=_start(token))

    def _place(self, token: Token) -> None:
        """Feed one token, after whatever must come before it; or report it and leave it out."""
        if token.type.startswith("BROKEN"):
            self._broken(token)
        elif not self._feed(token):
            self._mend(token)

    def _broken(self, token: Token) -> None:
        if token.type == "BROKEN_TEXT":
            self._report(codes.UNCLOSED, _at(token, 1), f"the text is not closed with {token[0]}")
            if self._wants_value():
                self._feed(_gap(_start(token)))
        elif token.type == "BROKEN_COMMENT":
            self._report(codes.UNCLOSED, _at(token, 2), "the comment is not closed with */")
        elif token.type == "BROKEN_QUOTED":
            straight = f'"{token[1:-1]}"'
            hint = f"type straight quotes: {straight}"
            self._report(
                codes.CHARACTER, _at(token), f"{token} is not in quotes that the language knows", hint
            )
            self._place(Token("TEXT", straight, start_pos=_start(token)))
        else:
            hint, kind, meant = slip.character(token[0])
            self._report(codes.CHARACTER, _at(token), f"the character {token} has no meaning here", hint)
            if kind:
                self._feed(Token(kind, meant, start_pos=_start(token)))

    def _mend(self, token: Token) -> None:
        if self._wants_value():
            self._lack(token)
        elif token.type in {"CLOSE", "RBRACE"}:
            self._report(codes.UNMATCHED, _at(token), f"{token} closes nothing that was opened")
        elif token.type == "COMMA":
            hint = slip.comma(self._source.text, _start(token))
            message = "a comma stands only between the arguments of a function"
            self._report(codes.UNEXPECTED, _at(token), message, hint)
            self._feed(_joint(token))
        else:
            self._report(codes.UNEXPECTED, _at(token), f"an operator is missing before {_shown(token)}")
            self._feed(_joint(token))
            self._feed(token)

    def _lack(self, token: Token) -> None:
        """A value is missing before a token, if it is not the second half of a symbol such as `=>`."""
        meant = self._one_symbol(token)
        if meant is not None:
            self._report(codes.UNEXPECTED, _at(token), *meant)
            return
        self._report(codes.MISSING, _at(token), f"a value is missing before {token}")
        self._feed(_gap(_start(token)))
        self._place(token)

    def _one_symbol(self, token: Token) -> tuple[str, str] | None:
        """What to say of `=>`, whose first half has been read as an operator already."""
        before = self._before
        beside = before is not None and _start(before) + len(before) == _start(token)
        meant = slip.symbol(str(before), token) if beside else ""
        return (f"there is no operator {before}{token}", f"write {meant}") if meant else None

    def _finish(self) -> Node:
        """Close what is open at the end of the text and take the tree."""
        end = len(self._source.text)
        if self._wants_value():
            self._report_end(end)
            self._feed(_gap(end))
        for opened in self._opened():
            self._report(codes.UNCLOSED, _at(opened), f"{opened} is opened and never closed")
            self._feed(Token(_CLOSERS[opened.type], "", start_pos=end))
        try:
            node: Node = self._parser.feed_eof()  # type: ignore[no-untyped-call]
        except UnexpectedToken:
            return Missing(Span(0, end))
        return node

    def _report_end(self, end: int) -> None:
        if not self._parser.parser_state.value_stack:
            if not self.issues:
                self._report(codes.EMPTY, Span(0, end), "the formula is empty")
            return
        if not (self.issues and self.issues[-1].span.end == end):
            self._report(
                codes.MISSING, Span(max(0, end - 1), end), "the formula ends where a value is expected"
            )

    def _opened(self) -> list[Token]:
        """The opening tokens without their partner, innermost first; pairs wait to be reduced."""
        pairs, found = 0, []
        for item in reversed(self._parser.parser_state.value_stack):
            if isinstance(item, Token) and item.type in {"CLOSE", "RBRACE"}:
                pairs += 1
            elif isinstance(item, Token) and item.type in _CLOSERS:
                if not pairs:
                    found.append(item)
                pairs = max(0, pairs - 1)
        return found

    def _wants_value(self) -> bool:
        return "MISSING" in self._parser.choices()  # type: ignore[no-untyped-call]

    def _feed(self, token: Token) -> bool:
        if not self._takes(token.type):
            return False
        self._parser.feed_token(token)
        return True

    def _takes(self, kind: str) -> bool:
        """Whether the parser can go on with such a token: the reductions before it are tried on states alone.

        lark's `accepts` copies all that was read so far for every kind of token that there is.
        """
        stack, states = self._parser.parser_state.state_stack, self._parser.parser_state.parse_conf.states
        above: list[Any] = []
        kept = len(stack)
        while True:
            action, target = states[above[-1] if above else stack[kept - 1]].get(kind, (None, None))
            if action is None or action is Shift:
                return action is Shift
            for _ in target.expansion:
                if above:
                    above.pop()
                else:
                    kept -= 1
            above.append(states[above[-1] if above else stack[kept - 1]][target.origin.name][1])

    def _report(self, code: Code, span: Span, message: str, hint: str = "") -> None:
        if len(self.issues) == MOST:
            return
        self.issues.append(Issue(code=code, message=message, source=self._source, span=span, hint=hint))


def _start(token: Token) -> int:
    return token.start_pos or 0


def _at(token: Token, length: int | None = None) -> Span:
    return Span(_start(token), _start(token) + (len(token) if length is None else length))


def _gap(offset: int) -> Token:
    return Token("MISSING", "", start_pos=offset)


def _joint(token: Token) -> Token:
    return Token("INFIX", JUXTAPOSED, start_pos=_start(token))


def _shown(token: Token) -> str:
    return str(token) if len(token) <= 30 else f"{token[:27]}..."
