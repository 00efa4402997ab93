"""One Language for the room's tests, and the short way from a text to its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formula.language import Language, language
from formula.program import FormulaError, compile_python
from formula.sample import ENV, ROW, SCOPE
from formula.scope import Context
from formula.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Formula

ERROR = "#Error!"


@pytest.fixture(scope="session")
def lang() -> Language:
    """The whole language, built once."""
    return language()


@pytest.fixture(scope="session")
def check(lang: Language) -> Callable[..., Formula]:
    """Check a text about the sample record in a validation rule, or as told."""

    def run(text: str, **options: object) -> Formula:
        context = options.pop("context", Context.RULE)
        return lang.check(Source(path="rule", text=text), SCOPE, context, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def calculate(check: Callable[..., Formula]) -> Callable[..., object]:
    """The value of a text for the sample record, `#Error!` for an error."""

    def run(text: str, **options: object) -> object:
        program = compile_python(check(text, **options))
        try:
            return program(ROW, ENV)
        except FormulaError:
            return ERROR

    return run
