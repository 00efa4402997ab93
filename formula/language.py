"""The language as one object: its functions and its parser, made once by the composition root.

Holds no state beyond that; two Languages in one process do not know of each other.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from formula import functions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.expr import Formula
    from formula.functions import Function
    from formula.scope import Context, Scope
    from formula.source import Source
    from formula.types import Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The functions by upper-case name or symbol."""

    functions: Mapping[str, Function]

    def check(
        self,
        source: Source,
        scope: Scope,
        context: Context,
        *,
        expect: Type | None = None,
        blanks: str = "as_blank",
    ) -> Formula:
        """The typed formula of a text, or `Rejected` with every Issue in it.

        `expect`: the type its place wants. `blanks`: `as_zero` reads blank numbers as 0.
        """
        raise Rejected(())


def language() -> Language:
    """Find the functions and build the parser. Slow (tens of milliseconds); do it once."""
    names = sorted(module.name for module in pkgutil.iter_modules(functions.__path__))
    found = [import_module(f"{functions.__name__}.{name}").FUNCTION for name in names]
    return Language(functions=MappingProxyType({function.name: function for function in found}))


from formula.issue import Rejected  # noqa: E402
