"""How compiled formulas run: conditions, laziness, errors, creation, and size without limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from formula.program import FormulaError, compile_python
from formula.sample import ENV, ROW
from formula.scope import Context
from formula.types import BOOLEAN, NUMBER, TEXT, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Formula


def test_a_condition_that_ends_in_null_is_false(check: Callable[..., Formula]) -> None:
    program = compile_python(check("discount > 1"))
    assert program(ROW, ENV) is None
    assert program.condition(ROW, ENV) is False


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("amount / (amount - amount)", "division by zero"),
        ('VALUE("abc")', '"abc" is not a number'),
        ("DATE(2026, 2, 30)", "there is no date 2026-2-30"),
        ("10 ^ 100 * 10 ^ 100", "the number is too large"),
    ],
)
def test_an_error_says_why(text: str, reason: str, check: Callable[..., Formula]) -> None:
    with pytest.raises(FormulaError) as raised:
        compile_python(check(text))(ROW, ENV)
    assert raised.value.reason == reason


def test_a_condition_that_errs_raises_and_does_not_grant(check: Callable[..., Formula]) -> None:
    with pytest.raises(FormulaError):
        compile_python(check("1 / (amount - amount) > 0")).condition(ROW, ENV)


def test_on_create_nothing_has_changed_and_the_prior_value_is_the_current_one(
    check: Callable[..., Formula],
) -> None:
    creating = replace(ENV, before=None)
    assert compile_python(check("ISNEW() && NOT(ISCHANGED(amount))"))(ROW, creating) is True
    assert compile_python(check("PRIORVALUE(amount)"))(ROW, creating) == ROW["amount"]
    assert compile_python(check("$old.amount"))(ROW, creating) == ROW["amount"]


def test_a_change_is_a_change_of_value_not_of_spelling(check: Callable[..., Formula]) -> None:
    same = replace(ENV, before={"amount": Decimal("1200.500"), "stage": "proposal"})
    assert compile_python(check("ISCHANGED(amount)"))(ROW, same) is False


def test_a_missing_row_entry_is_a_fault_of_the_caller_and_shows(check: Callable[..., Formula]) -> None:
    with pytest.raises(KeyError):
        compile_python(check("amount + 1"))({}, ENV)


DEEP = {
    "IF in the condition's branch": ("IF(amount > 1, " * 100 + "1" + ", 0)" * 100, 1),
    "IF in the else branch": ("IF(amount < 1, 0, " * 100 + "1" + ")" * 100, 1),
    "parentheses": ("(" * 1900 + "amount" + ")" * 1900, ROW["amount"]),
    "functions": ("ABS(" * 600 + "amount" + ")" * 600, ROW["amount"]),
    "errors rescued": ("IFERROR(" * 100 + "1 / 0" + ", 1 / 0)" * 99 + ", 7)", 7),
    "a long sum": ("amount" + " + 1" * 900, Decimal("2100.5")),
    "a long mixed row": ("amount" + " - 1 + 1" * 480, ROW["amount"]),
    "a long text": ('"a" & ' * 600 + '"a"', "a" * 601),
    "a long conjunction": ("amount > 1 && " * 270 + "urgent", True),
    "signs": ("-" * 1000 + "amount", ROW["amount"]),
    "a large CASE": ("CASE(amount, " + "".join(f"{n}, {n}, " for n in range(400)) + "-1)", -1),
}


@pytest.mark.parametrize("case", DEEP)
def test_large_formulas_work(case: str, calculate: Callable[..., object]) -> None:
    text, value = DEEP[case]
    assert calculate(text) == value


def test_a_row_of_operators_is_one_call(check: Callable[..., Formula]) -> None:
    expr = check("amount + amount + amount + amount").expr
    assert len(expr.arguments) == 4  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("amount * (2 + 3)", "amount * 5"),
        ("IF(1 = 1, amount, 1 / 0)", "amount"),
        ("AND(true, urgent, false, 1 / 0 = 1)", "AND(urgent, false)"),
        ("OR(false, 1 = 1, urgent)", "true"),
        ("1 / 0", "1 / 0"),
        ("TODAY() + (1 + 1)", "TODAY() + 2"),
    ],
)
def test_constants_are_folded_and_errors_are_kept(
    text: str, printed: str, check: Callable[..., Formula]
) -> None:
    from formula.printer import show

    assert show(check(text).expr) == printed


def test_the_checker_bounds_the_numbers_it_can(check: Callable[..., Formula]) -> None:
    bounds = {text: check(text).type for text in ("amount + discount", "amount * discount", "amount / 2")}
    assert [(t.precision, t.scale) for t in bounds.values()] == [(19, 2), (23, 4), (None, None)]


def test_a_formula_lists_what_it_depends_on_once(check: Callable[..., Formula]) -> None:
    formula = check("IF(amount > 1, account.name & account.name, TEXT(Amount))")
    assert [reference.name for reference in formula.refs] == ["amount", "account.name"]


def test_null_and_option_codes_take_the_type_of_their_place(check: Callable[..., Formula]) -> None:
    stage = check("stage").type
    assert check("null", expect=NUMBER).type == NUMBER
    assert check("owner", expect=TEXT).type == TEXT
    assert check('"won"', expect=stage, context=Context.DEFAULT).type.kind is Kind.TEXT
    assert check("amount = null", expect=BOOLEAN).type == BOOLEAN
