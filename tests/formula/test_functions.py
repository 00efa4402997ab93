"""Walks every function: documented in both languages, with examples that are true."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from formula import functions
from formula.language import Language, language
from formula.program import compile_python
from formula.sample import ENV, ROW, SCOPE
from formula.scope import Context
from formula.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from formula.functions import Function

EVERY = sorted(language().functions.values(), key=lambda function: function.name)
ERROR = "#Error!"


@pytest.mark.parametrize("function", EVERY, ids=lambda function: function.name)
def test_a_function_is_documented_with_true_examples(
    function: Function, calculate: Callable[..., object]
) -> None:
    assert function.prose.en
    assert function.prose.zh
    assert function.signatures
    assert function.examples
    for text, expected in function.examples:
        assert calculate(text) == (ERROR if expected == ERROR else calculate(expected)), text


@pytest.mark.parametrize("function", EVERY, ids=lambda function: function.name)
def test_the_first_example_uses_the_function(function: Function, lang: Language) -> None:
    text = function.examples[0][0].upper()
    spellings = {"AND": "&&", "unary -": "-"}
    assert function.name.upper() in text or spellings.get(function.name, "?") in text


def test_a_new_function_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by walking the package, and at once usable, typed and checked."""
    tmp_path.joinpath("twice.py").write_text(
        textwrap.dedent("""
            from formula.functions import Function, Prose, Strict, takes
            from formula.types import NUMBER

            FUNCTION = Function(
                name="TWICE",
                signatures=(takes(n=NUMBER, returns=NUMBER),),
                prose=Prose(en="Twice the number.", zh="两倍。"),
                examples=(("TWICE(2)", "4"),),
                python=Strict(call=lambda n: 2 * n),
            )
        """),
        encoding="utf-8",
    )
    monkeypatch.setattr(functions, "__path__", [*functions.__path__, str(tmp_path)])
    extended = language()
    formula = extended.check(Source(path="f", text="twice(amount)"), SCOPE, Context.RULE)
    assert compile_python(formula)(ROW, ENV) == 2401


def test_two_languages_do_not_know_of_each_other(lang: Language) -> None:
    assert "TWICE" not in lang.functions
