"""The product's texts: the same keys in every language, each one used, each used one there."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from runtime.web.renderer import TEMPLATES
from runtime.web.texts import choose_language, read_texts

if TYPE_CHECKING:
    from runtime.web.texts import Text

TEXTS = read_texts()
WEB = TEMPLATES.parent
CALLED = re.compile(r"""\b(?:t|text)\(\s*["']([a-z_]+\.[a-z_]+)["']""")
QUOTED = re.compile(r"""["']([a-z_]+\.[a-z_]+)["']""")
MADE = re.compile(r"""\bf["']([a-z_]+\.[a-z_]*\{[^}]+\}[a-z_]*)["']""")


def _sources() -> str:
    return "\n".join(path.read_text("utf-8") for path in [*TEMPLATES.glob("*.html"), *WEB.rglob("*.py")])


def _made(key: str, patterns: list[str]) -> bool:
    """Whether an f-string like `operator.{one}` may spell the key."""
    return any(re.fullmatch(re.sub(r"\\\{.*?\\\}", "[a-z_]+", re.escape(made)), key) for made in patterns)


def _holes(text: Text) -> set[str]:
    texts = [text] if isinstance(text, str) else list(text.values())
    return {name for one in texts for _, name, _, _ in Formatter().parse(one) if name}


def test_every_language_has_the_same_keys() -> None:
    assert all(texts.entries.keys() == TEXTS["en"].entries.keys() for texts in TEXTS.values())


@pytest.mark.parametrize("key", TEXTS["en"].entries)
def test_a_text_has_the_same_holes_in_every_language(key: str) -> None:
    assert {language: _holes(texts.entries[key]) for language, texts in TEXTS.items()} == dict.fromkeys(
        TEXTS, _holes(TEXTS["en"].entries[key])
    )


def test_every_key_that_is_used_exists() -> None:
    assert set(CALLED.findall(_sources())) - TEXTS["en"].entries.keys() == set()


def test_every_key_that_exists_is_used() -> None:
    sources = _sources()
    quoted, made = set(QUOTED.findall(sources)), MADE.findall(sources)
    assert {key for key in TEXTS["en"].entries if key not in quoted and not _made(key, made)} == set()


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [("en", 1, "1 record deleted"), ("en", 3, "3 records deleted"), ("zh-CN", 1, "已删除 1 条记录")],
)
def test_a_count_takes_the_plural_of_its_language(language: str, count: int, text: str) -> None:
    assert TEXTS[language].text("list.deleted", count=count) == text


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("zh-CN", "zh-CN"),
        ("zh-TW", "zh-TW"),
        ("zh-HK", "zh-TW"),
        ("zh", "zh-CN"),
        ("en-GB", "en"),
        ("fr", "en"),
    ],
)
def test_the_nearest_language_is_chosen(wanted: str, chosen: str) -> None:
    assert choose_language(wanted, TEXTS) == chosen
