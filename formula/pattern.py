"""Regular expressions of formulas, by an engine whose time is linear in the text whatever the pattern.

The dialect is RE2's: no look-around, no back-references. The engine is loaded by the first formula that asks,
as it takes three megabytes and few do.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from formula.fault import FormulaError, clipped


def matches(text: str | None, pattern: str | None) -> bool:
    """Whether the pattern matches the whole text, blank being the empty one; FormulaError for no pattern."""
    import re2  # type: ignore[import-untyped]

    try:
        return re2.fullmatch(pattern or "", text or "", _quiet()) is not None
    except re2.error:
        raise FormulaError('"{text}" is not a pattern', text=clipped(pattern or "")) from None


@cache
def _quiet() -> Any:
    """Options that keep the engine from writing to standard error; the same ones find a pattern compiled."""
    import re2

    options = re2.Options()
    options.log_errors = False
    return options
