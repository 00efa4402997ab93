"""Regular expressions of formulas, by an engine whose time is linear in the text whatever the pattern.

The dialect is RE2's: no look-around, no back-references.
"""

from __future__ import annotations

import re2  # type: ignore[import-untyped]

from formula.fault import FormulaError

_QUIET = re2.Options()
_QUIET.log_errors = False


def matches(text: str | None, pattern: str | None) -> bool:
    """Whether the pattern matches the whole text, blank being the empty one; FormulaError for no pattern."""
    try:
        return re2.fullmatch(pattern or "", text or "", _QUIET) is not None
    except re2.error:
        raise FormulaError(f'"{pattern}" is not a pattern') from None
