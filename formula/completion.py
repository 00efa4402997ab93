"""What may be written at a place of a formula: names, functions, option codes. For editors; decides nothing.

Reads only the text before the cursor, so a formula that is half written is the normal case. Names come from
the Scope, so whoever hides names from the checker hides them here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from formula.call import written
from formula.functions import Related
from formula.scope import GLOBALS, Need
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lark import Token

    from formula.expr import Reference
    from formula.functions import Function
    from formula.language import Language
    from formula.scope import Context, Scope

MOST = 200
_WORDS = ("true", "false", "null")
_EQUALS = frozenset({"=", "==", "<>", "!="})
_OPERANDS = frozenset({"NAME", "NUMBER", "TEXT", "CLOSE", "RBRACE"})
_SEGMENT = re.compile(r"[\w$#]*")
_LABELLED = {"ISPICKVAL": (1, 1), "INCLUDES": (1, 1), "IN": (1, 1), "CASE": (1, 2)}
"""Functions that take option codes after their first argument: where the first stands, and the next."""
_NEVER_WRITTEN = frozenset({Need.RATES})
"""Needs whose names only functions ask for."""


class Sort(StrEnum):
    """What a suggestion is."""

    FIELD = "field"
    FUNCTION = "function"
    GLOBAL = "global"
    OPTION = "option"
    LINK = "link"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One suggestion. `reference`: what a name stands for, or whose option it is."""

    sort: Sort
    text: str
    reference: Reference | None = None
    function: Function | None = None

    @property
    def detail(self) -> str:
        """The type of a name, or the ways to call a function."""
        if self.function is not None:
            ways = (written(self.function.name, signature) for signature in self.function.signatures)
            return " | ".join(dict.fromkeys(ways))
        return str(self.reference.type) if self.reference and self.sort is not Sort.OPTION else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Suggestions for the characters from `start` to `end`, best first."""

    start: int
    end: int
    items: tuple[Item, ...] = ()


def complete(language: Language, text: str, position: int, scope: Scope, context: Context) -> Completion:
    """What may stand at `position`, characters from the start of the text, beyond which nothing is read."""
    position = max(0, min(position, len(text)))
    tokens = _tokens(language, text[:position])
    scope, links = _place(language, tokens, scope)
    last = tokens[-1] if tokens else None
    if last is not None and last.type == "BROKEN_COMMENT":
        return Completion(start=position, end=position)
    if last is not None and last.type == "BROKEN_TEXT":
        return _options(text, position, tokens, scope)
    path = _path(tokens, position)
    if path is None:
        return Completion(start=position, end=position)
    if links:
        leading = [Item(sort=Sort.LINK, text=name) for name in scope.links()]
        return Completion(start=position - len(path), end=position, items=_matching(leading, path))
    *prefix, typed = path.split(".")
    start = position - len(typed)
    end = position + len(_segment(text, position))
    if prefix:
        found = _names(tuple(_plain(part) for part in prefix), scope, context)
    else:
        found = _firsts(language, scope, context)
    return Completion(start=start, end=end, items=_matching(found, typed))


def _place(language: Language, tokens: Sequence[Token], scope: Scope) -> tuple[Scope, bool]:
    """The scope in which the cursor stands, within functions of related records that are open before it; and
    whether the link of one has to stand there.
    """
    links = False
    for opening, place in _open_calls(tokens):
        function = language.functions.get(tokens[opening - 1].upper())
        if function is None or function.related is Related.NEVER:
            continue
        links = place == 0 and function.related is Related.ALWAYS
        named = tokens[opening + 1 : _comma(tokens, opening)] if place else ()
        found = scope.related(tuple(named[0].lower().split("."))) if len(named) == 1 else None
        scope = scope if found is None else found.scope
    return scope, links


def _open_calls(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Where the calls begin that the cursor stands in, the outermost first, and in which argument of each."""
    calls: list[tuple[int, int]] = []
    for index, token in enumerate(tokens):
        if token.type == "OPEN":
            calls.append((index, 0))
        elif token.type == "CLOSE" and calls:
            calls.pop()
        elif token.type == "COMMA" and calls:
            calls[-1] = (calls[-1][0], calls[-1][1] + 1)
    return [(opening, place) for opening, place in calls if opening and tokens[opening - 1].type == "NAME"]


def _tokens(language: Language, text: str) -> list[Token]:
    """The tokens of any text, blanks and comments left out; what is no token is one of its own."""
    reading = language.tables.parse_interactive(text)
    return [*reading.lexer_thread.lex(reading.parser_state)]  # type: ignore[no-untyped-call]


def _path(tokens: Sequence[Token], position: int) -> str | None:
    """The path that ends at the cursor, empty where one may begin; None where an operand has just ended."""
    if not tokens:
        return ""
    last = tokens[-1]
    touches = (last.start_pos or 0) + len(last) == position
    if touches and last.type == "NAME":
        return str(last)
    if touches and last in {".", "$"} and last.type == "BROKEN":
        before = tokens[-2] if len(tokens) > 1 else None
        joined = last == "." and before is not None and before.type == "NAME" and _adjacent(before, last)
        return f"{before}." if joined else "$" if last == "$" else None
    return None if last.type in _OPERANDS or last.type == "BROKEN" else ""


def _adjacent(first: Token, second: Token) -> bool:
    return (first.start_pos or 0) + len(first) == second.start_pos


def _segment(text: str, position: int) -> str:
    """The rest of the word that the cursor stands in."""
    found = _SEGMENT.match(text, position)
    return found[0] if found else ""


def _firsts(language: Language, scope: Scope, context: Context) -> Iterator[Item]:
    """All that an operand may begin with."""
    yield from _names((), scope, context)
    for function in language.functions.values():
        if function.name[0].isalpha() and " " not in function.name and function.legal_in(context):
            yield Item(sort=Sort.FUNCTION, text=function.name, function=function)
    for word in _WORDS:
        yield Item(sort=Sort.WORD, text=word)


def _names(prefix: tuple[str, ...], scope: Scope, context: Context) -> Iterator[Item]:
    """The names that may follow `prefix`, as far as the place serves them."""
    if prefix and not _served(prefix[0], context):
        return
    for name in scope.names(prefix):
        if not prefix and name.startswith("$"):
            if _served(name, context):
                yield Item(sort=Sort.GLOBAL, text=name)
            continue
        found = scope.resolve((*prefix, *name.lower().split(".")))
        if found is not None:
            yield Item(sort=Sort.FIELD, text=name, reference=found)


def _served(name: str, context: Context) -> bool:
    need = GLOBALS.get(name)
    return need is None or (need in context.serves and need not in _NEVER_WRITTEN)


def _options(text: str, position: int, tokens: Sequence[Token], scope: Scope) -> Completion:
    """The option codes of the picklist that the open quote is compared with."""
    opened = tokens[-1]
    start = (opened.start_pos or 0) + 1
    closing = re.compile(rf"[^{opened[0]}\\\n]*(?={opened[0]})").match(text, position)
    end = closing.end() if closing else position
    picklist = _compared(tokens[:-1], scope)
    if picklist is None:
        return Completion(start=start, end=end)
    codes = (picklist.type.element or picklist.type).options or picklist.type.options
    found = (Item(sort=Sort.OPTION, text=code, reference=picklist) for code in codes)
    return Completion(start=start, end=end, items=_matching(found, text[start:position]))


def _compared(before: Sequence[Token], scope: Scope) -> Reference | None:
    """The picklist before `= "`, or the first argument of a function that takes option codes here."""
    if before and before[-1] in _EQUALS:
        return _picklist(before[:-1], scope)
    commas, depth = 0, 0
    for index in range(len(before) - 1, 0, -1):
        kind = before[index].type
        depth += (kind == "CLOSE") - (kind == "OPEN")
        commas += kind == "COMMA" and not depth
        if depth < 0:
            return _labelled(before, index, commas, scope)
    return None


def _labelled(before: Sequence[Token], opening: int, place: int, scope: Scope) -> Reference | None:
    first, step = _LABELLED.get(before[opening - 1].upper(), (0, 1))
    if not first or place < first or (place - first) % step:
        return None
    return _picklist(before[opening + 1 : _comma(before, opening)], scope, whole=True)


def _comma(tokens: Sequence[Token], opening: int) -> int:
    """Where the first argument of a call ends."""
    depth = 0
    for index in range(opening + 1, len(tokens)):
        kind = tokens[index].type
        depth += (kind == "OPEN") - (kind == "CLOSE")
        if kind == "COMMA" and not depth:
            return index
    return len(tokens)


def _picklist(tokens: Sequence[Token], scope: Scope, *, whole: bool = False) -> Reference | None:
    """The picklist at the end of the tokens, or that of TEXT(picklist); `whole`: nothing may come before."""
    ends = [str(token) for token in tokens[-4:]]
    if len(ends) == 4 and ends[0].upper() == "TEXT" and ends[1] == "(" and ends[3] == ")":
        name, length = tokens[-2], 4
    elif tokens and tokens[-1].type == "NAME":
        name, length = tokens[-1], 1
    else:
        return None
    if whole and length != len(tokens):
        return None
    found = scope.resolve(tuple(name.lower().split(".")))
    return found if found is not None and found.type.kind in {Kind.PICKLIST, Kind.MULTIPICKLIST} else None


def _plain(part: str) -> str:
    return part.partition(":")[0].lower()


def _matching(items: Iterable[Item], typed: str) -> tuple[Item, ...]:
    """Those that begin with what was typed, then those that contain it; fields before other things."""
    word = typed.casefold()
    found = [item for item in items if word in item.text.casefold()]
    found.sort(key=lambda item: (not item.text.casefold().startswith(word), item.sort is Sort.GLOBAL))
    return tuple(found[:MOST])
