"""What cells mean: numbers and days as their country writes them; what could be two things is refused."""

from __future__ import annotations

import pytest

from engine.problem import Refusal
from engine.transfer.cells import Tongue, day, listed, number
from engine.transfer.text import guarded, unguarded


@pytest.mark.parametrize(
    ("text", "comma", "meant"),
    [
        ("1,234.50", False, "1,234.50"),
        ("$ 1,234.50", False, "1,234.50"),
        ("(5)", False, "-5"),
        ("￥１２", False, "12"),
        ("1 234 567", False, "1234567"),
        ("1.234,50 €", True, "1234.50"),
        ("1 234,5", True, "1234.5"),
        ("12,5 %", True, "12.5 %"),
        ("-1.000", True, "-1000"),
        ("seven", True, "seven"),
    ],
)
def test_numbers(text: str, comma: bool, meant: str) -> None:
    assert number(text, comma=comma) == meant


@pytest.mark.parametrize(
    ("text", "language", "first", "meant"),
    [
        ("31.12.2026", "en", None, "2026-12-31"),
        ("31/12/2026", "zh-CN", None, "2026-12-31"),
        ("12/31/2026", "de", None, "2026-12-31"),
        ("3/4/2026", "en", None, "2026-03-04"),
        ("3/4/2026", "en-GB", None, "2026-04-03"),
        ("3/4/2026", "fr", None, "2026-04-03"),
        ("3/4/2026", "en", True, "2026-04-03"),
        ("5/5/2026", "zh-CN", None, "2026-05-05"),
        ("3 Apr 2026", "en", None, "2026-04-03"),
        ("April 3, 2026", "en", None, "2026-04-03"),
        ("2026-04-03", "en", None, "2026-04-03"),
        ("soon", "en", None, "soon"),
    ],
)
def test_days(text: str, language: str, first: bool | None, meant: str) -> None:
    assert day(text, Tongue(language=language, day_first=first)) == meant


def test_a_day_that_may_be_a_month_is_refused_where_nobody_says() -> None:
    with pytest.raises(Refusal):
        day("3/4/2026", Tongue(language="zh-CN", day_first=None))


def test_lists_are_parted_by_lines_or_by_semicolons() -> None:
    assert listed("a; b；c") == ["a", "b", "c"]
    assert listed("a;b\nc") == ["a;b", "c"]
    assert listed("a;b\n") == ["a;b"]


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''@x", "'", "'plain", "-5", "", "＝1"])
def test_a_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert not guarded(text).startswith(("=", "@", "-", "＝"))
    assert unguarded(guarded(text)) == text
