"""REGEX takes time linear in the text, whatever the pattern."""

from __future__ import annotations

import pytest

from formula.fault import FormulaError
from formula.pattern import matches


@pytest.mark.timeout(5)
@pytest.mark.parametrize("pattern", ["(a+)+", "(a|a)*", "(a*)*(a*)*", "a?" * 50 + "a" * 50])
def test_no_pattern_makes_a_text_slow(pattern: str) -> None:
    """A backtracking engine would take time exponential in the text."""
    assert matches("a" * 20_000 + "!", pattern) is False


def test_the_whole_text_is_matched_and_blank_is_the_empty_one() -> None:
    assert matches("a1", "[a-z]") is False
    assert matches("中文", "\\p{Han}+") is True
    assert matches(None, ".*") is True
    assert matches(None, ".+") is False
    assert matches("a", None) is False


@pytest.mark.parametrize("pattern", ["(", "a(?=b)", "(a)\\1"])
def test_a_pattern_of_another_dialect_is_an_error(pattern: str) -> None:
    with pytest.raises(FormulaError, match="is not a pattern"):
        matches("a", pattern)
