"""How deep SQLite's parser must stack to read a run of SQL; it holds a hundred entries and no more.

An estimate from above: each open parenthesis, CASE, comma and operator that waits for its right side counts
as many entries as the grammar puts on the stack for it. Asked before a formula is let into a statement.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formula.sql.fragment import Sql

MOST = 80
"""What a formula may take; the statement around it needs the rest."""
_WORD = re.compile(r"'(?:[^']|'')*'|[A-Za-z_]\w*|\d+|<>|<=|>=|\|\||\S")
_KEYWORDS = frozenset({"AND", "OR", "NOT", "IS", "CASE", "WHEN", "THEN", "ELSE", "NULL", "TRUE", "AS"})
_WAITING = {"OR": 0, "AND": 1, "NOT": 2, "IS": 3, "=": 3, "<>": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}
_WAITING |= {"+": 5, "-": 5, "*": 6, "/": 6, "||": 7}
# Entries below an expression inside CASE, after each of its words.
_IN_CASE = {"WHEN": 4, "THEN": 6, "ELSE": 4}


class _Level:
    """What is open since one parenthesis or CASE; `around`: the entries outside of it."""

    def __init__(self, opened: int, around: int) -> None:
        self.around = around
        self.opened = opened
        self.comma = 0
        self.waiting: set[int] = set()

    @property
    def entries(self) -> int:
        return self.around + self.opened + self.comma + 2 * len(self.waiting)


def entries(run: Sql) -> int:
    """The most entries that any place in the run needs."""
    levels = [_Level(0, 0)]
    most, before = 0, ""
    for part in run:
        for word in _WORD.findall(part) if isinstance(part, str) else ("column",):
            _read(word, before, levels)
            # A query within the query brings entries of its own.
            most = max(most, levels[-1].entries + getattr(part, "deep", 0))
            before = word
    return most


def _read(word: str, before: str, levels: list[_Level]) -> None:
    level = levels[-1]
    if word == "(":
        named = (before[:1].isalpha() or before[:1] == "_") and before not in _KEYWORDS
        levels.append(_Level(3 if named else 1, level.entries))
    elif word == "CASE":
        levels.append(_Level(2, level.entries))
    elif word in {")", "END"}:
        levels.pop()
    elif word == ",":
        level.comma, level.waiting = 2, set()
    elif word in _IN_CASE:
        level.opened, level.waiting = _IN_CASE[word], set()
    elif word in _WAITING:
        level.waiting = {rank for rank in level.waiting if rank < _WAITING[word]} | {_WAITING[word]}
