"""Laws over generated texts and expressions."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpleeval import SimpleEval  # type: ignore[import-untyped]

from formula.issue import Rejected
from formula.language import language
from formula.printer import show
from formula.program import FormulaError, compile_python
from formula.sample import ENV, ROW, SCOPE
from formula.scope import Context
from formula.source import Source

if TYPE_CHECKING:
    from formula.expr import Formula
    from formula.issue import Issue

LANGUAGE = language()
WORDS = [
    "amount",
    "reason",
    "stage",
    "owner",
    "account.name",
    "$old.stage",
    "IF(",
    "AND(",
    "CASE(",
    "TEXT(",
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "&",
    "&&",
    "||",
    "=",
    "<>",
    "<",
    "!",
    '"a"',
    "'",
    '"',
    "1",
    "2.5",
    "null",
    "true",
    "{!",
    "}",
    "/*",
    "*/",
    "中",
    "\\",
    "\n",
    "ISCHANGED(",
    "TODAY()",
    "DATE(2026,1,31)",
]


def check(text: str) -> Formula:
    return LANGUAGE.check(Source(path="f", text=text), SCOPE, Context.RULE)


def outcome(text: str) -> tuple[Formula | None, tuple[Issue, ...]]:
    try:
        return check(text), ()
    except Rejected as rejected:
        return None, rejected.issues


def evaluate(formula: Formula) -> object:
    try:
        return compile_python(formula)(ROW, ENV)
    except FormulaError:
        return "#Error!"


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)))
@settings(max_examples=200, deadline=None)
def test_any_text_is_checked_or_rejected_with_placed_issues(text: str) -> None:
    formula, issues = outcome(text)
    assert (formula is None) == bool(issues)
    for issue in issues:
        assert 0 <= issue.span.start <= issue.span.end <= len(text)
        assert issue.message
        assert issue.render()
    if formula is not None:
        evaluate(formula)


def _grown(number: st.SearchStrategy[str], boolean: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(number, st.sampled_from(["+", "-", "*", "/"]), number)
    return st.one_of(
        pair.map(lambda parts: f"({' '.join(parts)})"),
        number.map(lambda part: f"-{part}"),
        st.tuples(boolean, number, number).map(lambda parts: f"IF({', '.join(parts)})"),
        st.tuples(number, number).map(lambda parts: f"NULLVALUE({', '.join(parts)})"),
        number.map(lambda part: f"ROUND({part}, 2)"),
        number.map(lambda part: f"LEN(TEXT({part}) & reason)"),
    )


_LEAVES = st.sampled_from(["amount", "discount", "stage.probability", "3", "0.25", "null", "account.revenue"])
_TESTS = st.one_of(
    st.tuples(_LEAVES, st.sampled_from(["=", "<>", "<", ">="]), _LEAVES).map(
        lambda parts: f"{' '.join(parts)}"
    ),
    st.sampled_from(
        ["urgent", "account.vip", 'stage = "won"', 'reason = ""', "NOT(amount > discount)", "null"]
    ),
)
FORMULAS = st.recursive(_LEAVES, lambda inner: _grown(inner, _TESTS), max_leaves=12)


@given(FORMULAS)
@settings(max_examples=200, deadline=None)
def test_the_printed_text_reads_as_the_same_expression(text: str) -> None:
    expr = check(text).expr
    assert check(show(expr)).expr == expr


@given(FORMULAS)
@settings(max_examples=200, deadline=None)
def test_case_and_comments_change_nothing(text: str) -> None:
    assert check(text.lower()).expr == check(text.replace(" ", " /* x */ ")).expr


_NUMBERS = st.recursive(
    st.integers(-50, 50).map(str).map(lambda digits: f"({digits})") | st.sampled_from(["a", "b"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(
        lambda parts: f"({''.join(parts)})"
    ),
    max_leaves=8,
)


@given(_NUMBERS)
@settings(max_examples=200, deadline=None)
def test_arithmetic_agrees_with_an_independent_evaluator(text: str) -> None:
    ours = evaluate(check(text.replace("a", "amount").replace("b", "stage.probability")))
    oracle = SimpleEval(names={"a": 1200.5, "b": 0.25})
    try:
        theirs = oracle.eval(text)
    except ZeroDivisionError:
        assert ours == "#Error!"
        return
    if ours == "#Error!" or not math.isfinite(theirs) or abs(theirs) < 1e-6:
        return  # where floats lose or invent a zero, exact numbers decide
    assert isinstance(ours, Decimal)
    assert float(ours) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        'amount > 1000 && reason = ""',
        "1 - (2 - 3)",
        "(2 ^ 3) ^ 2",
        "amount - (discount - 1)",
        "-(-1 + amount)",
        "(-amount) ^ 2",
        "amount * 2.50 - 10 ^ 100",
        'stage <> "won" || account.vip',
        "'it\\'s \\\\ \\n' & name",
    ],
)
def test_these_texts_survive_printing(text: str) -> None:
    expr = check(text).expr
    assert check(show(expr)).expr == expr
