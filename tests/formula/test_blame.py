"""An error names the part of the formula that has no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formula.blame import DEEPEST, blame, part_of
from formula.fault import FaultyRow, FormulaError
from formula.program import compile_python
from formula.sample import ENV, ROW

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Formula

CASES = [
    ("1 + amount / (amount - amount)", "division by zero", "amount / (amount - amount)"),
    (
        "(amount - amount) / (amount - amount) + 1",
        "division by zero",
        "(amount - amount) / (amount - amount)",
    ),
    ("IF(FALSE, 1 / 0, 3 + SQRT(0 - amount))", "a negative number has no square root", "SQRT(0 - amount)"),
    ("IFERROR(1 / (amount - amount), LN(-amount))", "only positive numbers have a logarithm", "LN(-amount)"),
    ('CASE(stage, "won", 1 / 0, VALUE(reason & "x"))', '"x" is not a number', 'VALUE(reason & "x")'),
    ("DATE(2026, 13, amount)", "there is no date 2026-13-1200", "DATE(2026, 13, amount)"),
    ('REGEX("a", "(" & reason)', '"(" is not a pattern', 'REGEX("a", "(" & reason)'),
    ('VALUE(LPAD("x", 500, "y"))', f'"{"y" * 59}…" is not a number', 'VALUE(LPAD("x", 500, "y"))'),
]


@pytest.mark.parametrize(("text", "reason", "part"), CASES)
def test_the_innermost_part_that_fails_is_named(
    text: str, reason: str, part: str, check: Callable[..., Formula]
) -> None:
    formula = check(text)
    error = blame(formula, ROW, ENV)
    assert error is not None
    assert (error.reason, part_of(formula, error)) == (reason, part)


def test_a_formula_with_a_value_is_not_blamed(check: Callable[..., Formula]) -> None:
    assert blame(check("IFERROR(amount / 0, amount)"), ROW, ENV) is None


def test_a_formula_too_deep_to_take_apart_still_says_why(check: Callable[..., Formula]) -> None:
    formula = check("ABS(" * (DEEPEST + 1) + "amount / (amount - amount)" + ")" * (DEEPEST + 1))
    error = blame(formula, ROW, ENV)
    assert error is not None
    assert (error.reason, part_of(formula, error)) == ("division by zero", "")


def test_the_words_of_a_reason_are_kept_apart_from_its_values(check: Callable[..., Formula]) -> None:
    with pytest.raises(FormulaError) as raised:
        compile_python(check('DATEVALUE("soon" & reason)'))(ROW, ENV)
    assert raised.value.template == '"{text}" is not a date like 2026-01-31'
    assert raised.value.values == {"text": "soon"}


def test_an_error_among_the_values_is_raised_by_whoever_uses_it(check: Callable[..., Formula]) -> None:
    row = FaultyRow(
        {name: ROW[name] for name in ROW if name != "amount"}, {"amount": FormulaError("no amount")}
    )
    assert compile_python(check("IFERROR(amount, 7)"))(row, ENV) == 7
    assert compile_python(check("LEN(reason)"))(row, ENV) == 0
    with pytest.raises(FormulaError, match="no amount"):
        compile_python(check("amount > 3")).condition(row, ENV)
