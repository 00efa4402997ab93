"""How rows of criteria are joined: `1 AND (2 OR 3)`, read, checked and written.

The numbers are rows, from 1. AND, OR and NOT in any case, or `&&`, `||`, `!`. As in Salesforce, AND and OR
side by side need parentheses, so that nobody has to know which of them binds first. Only `criteria` calls it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula import codes
from formula.source import Span
from formula.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn

    from formula.call import Report

LONGEST = 1000
"""Characters of a logic text."""
DEEPEST = 50
_TOKEN = re.compile(r"\s*(?:(\d+)|(\w+)|(&&|\|\||[()!])|(\S))")
_WORDS = {"AND": "AND", "OR": "OR", "NOT": "NOT", "&&": "AND", "||": "OR", "!": "NOT"}


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Logic


Logic = int | Every | Some | Not
"""A number stands for the row of that number, from 1."""


@dataclass(frozen=True, slots=True)
class _Token:
    """`kind` is AND, OR, NOT, `(`, `)`, ROW, END, or "" for what means nothing here."""

    kind: str
    text: str
    span: Span


class _Stop(Exception):  # noqa: N818 - the rest of the text cannot be understood
    """Raised after the reason has been reported."""


def read(text: str, rows: int, report: Report) -> Logic | None:
    """The tree of a logic text over so many rows, or None after reporting every fault in it.

    A blank text joins all rows by AND. A row that the text does not name is a fault too.
    """
    if not text.strip():
        return every(range(1, rows + 1))
    if len(text) > LONGEST:
        report(codes.BAD_LOGIC, Span(0, 1), f"the logic has more than {LONGEST:,} characters", "")
        return None
    reading = _Reading(text, report)
    try:
        tree = reading.whole()
    except _Stop:
        return None
    return tree if _rows_fit(reading.tokens, rows, report) else None


def every(rows: Iterator[int] | range) -> Logic:
    """All rows joined by AND; one row is itself."""
    parts = tuple(rows)
    return parts[0] if len(parts) == 1 else Every(parts)


def show(logic: Logic) -> str:
    """The text of a tree: `1 AND (2 OR NOT 3)`."""
    match logic:
        case int(row):
            return str(row)
        case Not(part=part):
            return f"NOT {_wrapped(part)}"
        case Every(parts=parts):
            return " AND ".join(_wrapped(part) for part in parts)
        case Some(parts=parts):
            return " OR ".join(_wrapped(part) for part in parts)


def _wrapped(logic: Logic) -> str:
    return f"({show(logic)})" if isinstance(logic, Every | Some) else show(logic)


def _rows_fit(tokens: list[_Token], rows: int, report: Report) -> bool:
    """Whether the text names every row and no other; reports those that are wrong."""
    named = [token for token in tokens if token.kind == "ROW"]
    wrong = [token for token in named if not 1 <= int(token.text) <= rows]
    for token in wrong:
        hint = f"the rows are 1 to {rows}" if rows > 1 else "there is only row 1"
        report(codes.UNKNOWN_ROW, token.span, f"there is no row {token.text}", hint)
    unused = sorted({*range(1, rows + 1)} - {int(token.text) for token in named})
    for row in unused:
        message = f"row {row} is not in the logic"
        report(
            codes.UNUSED_ROW, tokens[-1].span, message, f"add it, for example AND {row}, or remove the row"
        )
    return not wrong and not unused


class _Reading:
    """One text on its way; each method takes what it understands from the front of the tokens."""

    def __init__(self, text: str, report: Report) -> None:
        self.tokens = [*_tokens(text)]
        self._report = report
        self._at = 0
        self._depth = 0

    def whole(self) -> Logic:
        tree = self._group()
        if self._next.kind == ")":
            self._stop("this parenthesis closes nothing that was opened", "remove it")
        if self._next.kind != "END":
            self._stop(f"AND or OR is missing before {self._next.text}", "write, for example, 1 AND 2")
        return tree

    @property
    def _next(self) -> _Token:
        return self.tokens[self._at]

    def _take(self) -> _Token:
        self._at += 1
        return self.tokens[self._at - 1]

    def _group(self) -> Logic:
        """Parts joined by one word."""
        parts = [self._part()]
        word = self._next.kind
        while self._next.kind in ("AND", "OR"):
            if self._next.kind != word:
                self._stop("AND and OR stand side by side", "add parentheses, for example (1 AND 2) OR 3")
            self._take()
            parts.append(self._part())
        if len(parts) == 1:
            return parts[0]
        return Every(tuple(parts)) if word == "AND" else Some(tuple(parts))

    def _part(self) -> Logic:
        if self._next.kind == "(":
            return self._deeper(self._parenthesis)
        if self._next.kind == "END":
            self._stop("the logic ends where the number of a row is expected", "")
        if self._next.kind not in ("ROW", "NOT"):
            self._stop(f"the number of a row is expected, found {self._next.text}", _meant(self._next))
        token = self._take()
        return int(token.text) if token.kind == "ROW" else Not(self._deeper(self._part))

    def _parenthesis(self) -> Logic:
        opened = self._take()
        inside = self._group()
        if self._next.kind != ")":
            if self._next.kind == "END":
                self._stop("this parenthesis is opened and never closed", "close it with )", opened.span)
            self._stop(f"AND, OR or ) is expected, found {self._next.text}", "")
        self._take()
        return inside

    def _deeper(self, inner: Callable[[], Logic]) -> Logic:
        self._depth += 1
        if self._depth > DEEPEST:
            self._stop(f"the logic is nested more than {DEEPEST} deep", "")
        found = inner()
        self._depth -= 1
        return found

    def _stop(self, message: str, hint: str, span: Span | None = None) -> NoReturn:
        self._report(codes.BAD_LOGIC, span or self._next.span, message, hint)
        raise _Stop


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        number, word, symbol, other = found.groups()
        said = number or word or symbol or other
        kind = "ROW" if number else _WORDS.get(said.upper(), said if symbol else "")
        yield _Token(kind, said, Span(found.end() - len(said), found.end()))
    yield _Token("END", "the end", Span(max(0, len(text) - 1), len(text)))


def _meant(token: _Token) -> str:
    near = "" if token.kind else nearest(token.text, ("AND", "OR", "NOT"))
    return f"did you mean {near}?" if near else ""
