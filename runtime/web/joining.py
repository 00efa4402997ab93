"""How the filters of a list are joined: all of them, or as a logic text such as `1 AND (2 OR 3)` says.

Filters are numbered from 1 in their order. Pure: it reads and rewrites such texts and joins conditions, which
are texts already; what a logic is allowed to say is for `formula.logic`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula import codes, logic
from formula.logic import Every, Not, Some

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.issue import Code
    from formula.logic import Logic
    from formula.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """Something wrong in a logic text: the key of what to say, and the number or the words it is about."""

    key: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """A logic text that was read over a number of filters: `tree` is None when something is wrong with it."""

    tree: Logic | None
    faults: tuple[Misread, ...] = ()


def read(text: str, count: int) -> Joining:
    """How a text joins so many filters; a blank one joins all of them."""
    faults: list[Misread] = []

    def report(code: Code, span: Span, message: str, hint: str) -> None:  # noqa: ARG001  (told in other words)
        faults.append(_misread(code, text, span, message))

    return Joining(tree=logic.read(text, count, report), faults=tuple(dict.fromkeys(faults)))


def written(tree: Logic, conditions: Sequence[str]) -> str:
    """One condition of several; those that are "" are left out, with what is joined of nothing else."""
    match tree:
        case int(number):
            return conditions[number - 1]
        case Not(part=part):
            inner = written(part, conditions)
            return f"NOT({inner})" if inner else ""
        case Every(parts=parts):
            return _joined(" && ", [written(part, conditions) for part in parts])
        case Some(parts=parts):
            return _joined(" || ", [written(part, conditions) for part in parts])


def with_one_more(text: str, count: int) -> str:
    """The logic when a filter comes after `count` others: it must hold besides."""
    tree = read(text, count).tree
    if not text or tree is None:
        return text
    before = tree.parts if isinstance(tree, Every) else (tree,)
    return logic.show(Every((*before, count + 1)))


def without_one(text: str, count: int, gone: int) -> str:
    """The logic of `count` filters when one goes; the numbers of those after it move up.

    Blank when the others simply all hold; a text that cannot be read stays as it is.
    """
    tree = read(text, count).tree
    if not text or tree is None:
        return text
    left = _without(tree, gone)
    return "" if left is None or left == logic.every(range(1, count)) else logic.show(left)


def _without(tree: Logic, gone: int) -> Logic | None:
    match tree:
        case int(number):
            return None if number == gone else number - (number > gone)
        case Not(part=part):
            inner = _without(part, gone)
            return None if inner is None else Not(inner)
        case Every(parts=parts) | Some(parts=parts):
            left = [one for part in parts if (one := _without(part, gone)) is not None]
            flat = [each for one in left for each in (one.parts if isinstance(one, type(tree)) else (one,))]
            return type(tree)(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def _joined(word: str, texts: Sequence[str]) -> str:
    said = [text for text in texts if text]
    return word.join(f"({text})" for text in said) if len(said) > 1 else "".join(said)


def _misread(code: Code, text: str, span: Span, message: str) -> Misread:
    number = "".join(filter(str.isdecimal, message))
    if code is codes.UNKNOWN_ROW:
        return Misread(key="list.logic_unknown", about=number)
    if code is codes.UNUSED_ROW:
        return Misread(key="list.logic_unused", about=number)
    return Misread(key="list.logic_bad", about=text[span.start : span.start + 20])
