"""What the engine refuses is said in the reader's language, and nothing of it is forgotten."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from engine.codes import CODES
from engine.sentence import said
from runtime.web.texts import read_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime.web.texts import Texts

TEXTS = read_texts()
OTHERS = [texts for code, texts in TEXTS.items() if code != "en"]
ROOT = Path(__file__).parents[2]
ROOMS = (
    "formula",
    "engine/fields",
    "engine/save",
    "engine/planner.py",
    "engine/policy.py",
    "engine/currency.py",
    "engine/fault.py",
)
SAYING = {"said", "Refusal", "refuse", "FormulaError"}


def _files() -> Iterator[Path]:
    for room in ROOMS:
        path = ROOT / room
        yield from path.rglob("*.py") if path.is_dir() else (path,)


def _calls() -> Iterator[tuple[str, ast.expr]]:
    """Where something is said, and the words: every text that is handed to a saying call."""
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node) in SAYING:
                named = [one.value for one in node.keywords if one.arg in ("message", "hint")]
                for words in (*node.args, *named):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", words


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", None) or getattr(call.func, "attr", ""))


def _said() -> set[str]:
    spoken = {words.value for _, words in _calls() if isinstance(words, ast.Constant) and words.value}
    return {text for text in spoken if isinstance(text, str)}


def _holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("texts", OTHERS, ids=lambda texts: texts.code)
def test_every_refusal_of_a_value_or_a_save_is_translated(texts: Texts) -> None:
    wanted = _said() | {code.mend for code in CODES if code.id.startswith(("P1", "P2"))}
    assert sorted(wanted - texts.sentences.keys()) == [], "add them to runtime/web/sentences.yaml"


def test_words_with_values_are_templates_so_that_they_can_be_translated() -> None:
    glued = [place for place, words in _calls() if isinstance(words, ast.JoinedStr)]
    assert glued == [], "hand the values to the call instead of an f-string; see engine/sentence.py"


@pytest.mark.parametrize("texts", OTHERS, ids=lambda texts: texts.code)
def test_a_translated_sentence_has_the_same_holes(texts: Texts) -> None:
    for english, other in texts.sentences.items():
        if '{"' not in english:
            assert _holes(other) == _holes(english), english


def test_the_values_of_a_sentence_are_kept_and_sentences_in_it_are_translated() -> None:
    refused = said("You may not {action} this {object}.", action=said("update"), object="update")
    assert refused == "You may not update this update."
    assert TEXTS["zh-CN"].said(refused) == "您不能修改这条update记录。"
    assert TEXTS["zh-TW"].said("What nobody translated.") == "What nobody translated."
