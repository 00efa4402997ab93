"""The case table is Python's own simple case mapping, and stays fixed when Python's grows."""

from __future__ import annotations

import re
import unicodedata

import pytest

from formula import casing


@pytest.mark.parametrize(
    ("source", "target"), [(casing.LOWERED, casing.LOWER), (casing.RAISED, casing.UPPER)]
)
def test_each_letter_has_one_partner_in_normal_form(source: str, target: str) -> None:
    assert len(source) == len(target) == len(set(source))
    assert unicodedata.normalize("NFC", target) == target


def test_the_table_agrees_with_unicode() -> None:
    assert all(old.lower() == new for old, new in zip(casing.LOWERED, casing.LOWER, strict=True))
    assert all(old.upper() == new for old, new in zip(casing.RAISED, casing.UPPER, strict=True))


def test_words_are_made_of_what_unicode_calls_letters_and_digits() -> None:
    word = re.compile(f"[{casing.WORDS}]")
    assert all(
        bool(word.match(chr(code))) == chr(code).isalnum()
        for code in range(0x3000)
        if unicodedata.category(chr(code)) != "Cn"
    )
    assert not set("-_.,()[]\\^ \u00a0\u200d") & set(word.findall("-_.,()[]\\^ \u00a0\u200d"))


def test_letters_without_a_single_partner_stay() -> None:
    assert (casing.upper("ß中1"), casing.lower("İ中1")) == ("ß中1", "İ中1")
