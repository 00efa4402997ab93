"""The language as one object: its functions and its parser, made once by the composition root.

Holds no state beyond that; two Languages in one process do not know of each other.
"""

from __future__ import annotations

import pkgutil
import re
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from formula import codes, functions, parser
from formula.checker import Checker
from formula.expr import Formula, levels
from formula.issue import Issue, Rejected
from formula.recovery import diagnose
from formula.source import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lark import Lark

    from formula.expr import Call
    from formula.functions import Function
    from formula.scope import Context, Scope
    from formula.source import Source
    from formula.syntax import Node
    from formula.types import Type

_FOREIGN = re.compile("[\0\ud800-\udfff]")
"""What no field and no database holds: NUL, and halves of surrogate pairs."""

Blanks = Literal["as_blank", "as_zero"]

MAX_LENGTH = 20_000
MOST_LEVELS = 1_000
"""Levels of calls; those that each become a Python function count thrice, as Python stops at a thousand."""
_FUNCTIONS = frozenset({"CASE", "IFS", "IFERROR"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The functions by upper-case name or symbol, and the parser's tables."""

    functions: Mapping[str, Function]
    tables: Lark

    def check(
        self,
        source: Source,
        scope: Scope,
        context: Context,
        *,
        expect: Type | None = None,
        blanks: Blanks = "as_blank",
    ) -> Formula:
        """The typed formula of a text, or `Rejected` with every Issue in it.

        `expect`: the type its place wants. `blanks`: `as_zero` reads blank numbers as 0.
        """
        tree, faults = self._read(source)
        checker = Checker(source, scope, context, self.functions, blanks)
        expr = checker.check(tree, expect)
        if expr is None or faults or checker.issues:
            raise Rejected(sorted([*faults, *checker.issues], key=lambda issue: issue.span.start))
        # A level takes a character at least.
        if len(source.text) > MOST_LEVELS and levels(expr, _frames) > MOST_LEVELS:
            raise Rejected([_too_deep(source)])
        warnings = tuple(checker.warnings)
        return Formula(expr=expr, source=source, context=context, blanks=blanks, warnings=warnings)

    def parse(self, source: Source) -> Node:
        """The untyped tree of a text, for those who know no names; or `Rejected`."""
        tree, faults = self._read(source)
        if faults:
            raise Rejected(faults)
        return tree

    def _read(self, source: Source) -> tuple[Node, tuple[Issue, ...]]:
        if len(source.text) > MAX_LENGTH:
            raise Rejected([_too_large(source)])
        if (foreign := _FOREIGN.search(source.text)) is not None:
            raise Rejected([_no_text(source, foreign.start())])
        tree = parser.parse(self.tables, source.text)
        return diagnose(self.tables, source) if tree is None else (tree, ())


def language() -> Language:
    """Find the functions and build the parser. Slow (tens of milliseconds); do it once."""
    names = sorted(module.name for module in pkgutil.iter_modules(functions.__path__))
    found = [import_module(f"{functions.__name__}.{name}").FUNCTION for name in names]
    by_name = MappingProxyType({function.name: function for function in found})
    return Language(functions=by_name, tables=parser.tables())


def _frames(call: Call) -> int:
    return 3 if call.function.name in _FUNCTIONS else 1


def _no_text(source: Source, place: int) -> Issue:
    message = f"the character U+{ord(source.text[place]):04X} stands in no text"
    return Issue(code=codes.CHARACTER, message=message, source=source, span=Span(place, place + 1))


def _too_deep(source: Source) -> Issue:
    message = f"the formula nests more than {MOST_LEVELS} levels deep"
    return Issue(code=codes.TOO_LARGE, message=message, source=source, span=Span(0, 1))


def _too_large(source: Source) -> Issue:
    message = f"the formula has {len(source.text):,} characters, more than {MAX_LENGTH:,}"
    return Issue(code=codes.TOO_LARGE, message=message, source=source, span=Span(0, 1))
