"""Walks every function: documented in both languages, with cases that are true in Python and both databases.

The cases are the declarations' own `examples`, so that adding a function touches its one file.
"""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from formula import functions
from formula.completion import complete
from formula.expr import references
from formula.functions import REWRITTEN, Gap, Lenient, Strict
from formula.language import Language, language
from formula.program import FormulaError, compile_python
from formula.sample import ENV, ROW, SCOPE
from formula.scope import Context
from formula.source import Source
from formula.sql import Backend, Unwritable
from formula.sql.form import Form
from formula.types import Kind
from runtime.reference.functions import functions as reference
from tests.formula.databases import Database, databases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from formula.expr import Formula
    from formula.functions import Function
    from tests.postgres import Server

EVERY = sorted(language().functions.values(), key=lambda function: function.name)
ERROR = "#Error!"
every_function = pytest.mark.parametrize("function", EVERY, ids=lambda function: function.name)


@pytest.fixture(scope="session")
def both(postgres_server: Server) -> Iterator[tuple[Database, Database]]:
    """SQLite and PostgreSQL with the lists of the examples' record."""
    with postgres_server.database() as url, databases(url) as made:
        yield made


@pytest.fixture(scope="session")
def asked(lang: Language) -> Callable[[str], Formula]:
    """Check a text about the sample record, its constants left for the database to reckon with."""
    return _asked(lang)


def _asked(tongue: Language) -> Callable[[str], Formula]:
    impure = {name: replace(function, pure=False) for name, function in tongue.functions.items()}
    unfolded = replace(tongue, functions=impure)
    return lambda text: unfolded.check(Source(path="rule", text=text), SCOPE, _place(text))


def _place(text: str) -> Context:
    """Where a text may stand: a rule has all there is, but related records are for the database alone."""
    return Context.FILTER if "line.opportunity" in text else Context.RULE


@every_function
def test_a_function_is_documented_with_true_examples(
    function: Function, calculate: Callable[..., object]
) -> None:
    assert function.prose.en.endswith(".")
    assert function.prose.zh.endswith("。")
    assert function.signatures
    assert function.examples
    for text, expected in _in_memory(function):
        assert calculate(text) == (ERROR if expected == ERROR else calculate(expected)), text


@every_function
def test_the_first_example_uses_the_function(function: Function) -> None:
    text = function.examples[0][0].upper()
    spellings = {"AND": "&&", "unary -": "-"}
    assert function.name.upper() in text or spellings.get(function.name, "?") in text


@every_function
def test_what_takes_something_says_what_it_makes_of_blank(
    function: Function, check: Callable[..., Formula]
) -> None:
    if any(signature.parameters for signature in function.signatures):
        examples = function.examples
        assert any(_blank(check(text, context=_place(text)), text, expected) for text, expected in examples)


def _in_memory(function: Function) -> list[tuple[str, str]]:
    """The examples that Python computes."""
    return [(text, value) for text, value in function.examples if _place(text) is Context.RULE]


def _blank(formula: Formula, text: str, expected: str) -> bool:
    written = "null" in text or "null" in expected or '""' in text
    return written or any(ROW.get(name.name, name) is None for name in references(formula.expr))


@every_function
def test_what_can_err_shows_when(function: Function) -> None:
    """A Python function of values may err unless it is declared safe; other declarations write their own."""
    safe = not isinstance(function.python, Strict | Lenient) or function.python.safe
    assert safe or any(expected == ERROR for _, expected in function.examples)


EXTREMES: dict[Kind, tuple[Any, ...]] = {
    Kind.NUMBER: tuple(
        map(Decimal, ("0", "-1", "2.5", "9.99E128", "-9.99E128", "1E-160", "12345678.000000001"))
    ),
    Kind.TEXT: ("a", "İß🎉中", "<&>\"'\\", "\u2028 \n", "-1e5", "001A0000006Vm9r"),
    Kind.BOOLEAN: (True, False),
    Kind.DATE: (date.min, date(2024, 2, 29), date.max),
    Kind.DATETIME: (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    Kind.TIME: (time.min, time.max),
    Kind.MULTIPICKLIST: (("a",),),
    Kind.ID: ("018f3c5e-1111-7abc-8def-000000000001",),
    Kind.PICKLIST: ("a",),
}


@every_function
def test_what_is_declared_safe_never_errs(function: Function) -> None:
    python = function.python
    if not isinstance(python, Strict | Lenient) or not python.safe:
        return
    blank = (None,) if isinstance(python, Lenient) else ()
    for signature in function.signatures:
        kinds = [EXTREMES[parameter.kinds[0]] + blank for parameter in signature.parameters]
        for values in product(*kinds):
            python.call(*((ENV,) if python.env else ()), *values)


@every_function
def test_a_function_has_a_form_or_a_gap_with_its_reason_on_either_database(function: Function) -> None:
    for backend in Backend:
        form = function.sql.get(backend)
        called = backend is Backend.SQLITE and isinstance(function.python, Strict | Lenient)
        assert called or isinstance(form, Form | Gap) or function.python is REWRITTEN, backend
        if isinstance(form, Gap):
            assert form.reason[0].isupper(), backend
            assert form.reason.endswith("."), backend


@every_function
def test_a_database_answers_every_example_alike_or_says_why_not(
    function: Function,
    both: tuple[Database, Database],
    asked: Callable[[str], Formula],
    calculate: Callable[..., object],
) -> None:
    for database in both:
        for text, expected in function.examples:
            formula = asked(text)
            wanted = calculate(expected if formula.context is Context.FILTER else text)
            try:
                found = database.value(formula)
            except Unwritable as refused:
                assert function.sql[database.backend] == Gap(reason=refused.reason), text  # noqa: PT017
                continue
            assert found == (None if wanted == ERROR else wanted), text
            assert database.fails(formula.expr) == (wanted == ERROR), text
            if formula.type.kind is Kind.BOOLEAN:
                assert database.holds(formula.expr) == (wanted is True, wanted is not True), text


def test_a_new_function_is_one_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_server: Server
) -> None:
    """Found by walking the package; typed, with SQL, documented and completed without another word."""
    tmp_path.joinpath("twice.py").write_text(
        textwrap.dedent("""
            from formula.fault import FormulaError
            from formula.functions import Function, Prose, Strict, takes
            from formula.sql.form import on_postgresql
            from formula.sql.rounding import template
            from formula.types import NUMBER

            def twice(n):
                if n < 0:
                    raise FormulaError("nothing below zero is doubled")
                return 2 * n

            FUNCTION = Function(
                name="TWICE",
                category="math",
                signatures=(takes(n=NUMBER, returns=NUMBER),),
                prose=Prose(en="Twice the number.", zh="两倍。"),
                examples=(("TWICE(2)", "4"), ("TWICE(discount)", "null"), ("TWICE(-1)", "#Error!")),
                python=Strict(call=twice),
                sql=on_postgresql(template("CASE WHEN {0} >= 0 THEN 2 * {0} END")),
            )
        """),
        encoding="utf-8",
    )
    monkeypatch.setattr(functions, "__path__", [*functions.__path__, str(tmp_path)])
    extended = language()

    def check(text: str) -> Formula:
        return extended.check(Source(path="f", text=text), SCOPE, Context.RULE)

    def calculate(text: str) -> object:
        try:
            return compile_python(check(text))(ROW, ENV)
        except FormulaError:
            return ERROR

    twice = extended.functions["TWICE"]
    test_a_function_is_documented_with_true_examples(twice, calculate)
    assert calculate("twice(amount)") == 2401
    assert "Twice the number." in reference(extended)
    offered = complete(extended, "1 + twi", 7, SCOPE, Context.RULE).items
    assert "TWICE" in {item.text.rstrip("(") for item in offered}
    with postgres_server.database() as url, databases(url) as both:
        test_a_database_answers_every_example_alike_or_says_why_not(twice, both, _asked(extended), calculate)
