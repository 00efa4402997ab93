"""Warnings are no false alarms: what they claim holds for every row, what they find dead never shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formula import codes
from formula.language import language
from formula.program import FormulaError, compile_python
from formula.sample import ENV, ROW, SCOPE
from formula.scope import Context
from formula.source import Source

if TYPE_CHECKING:
    from formula.expr import Formula
    from formula.program import Program

LANGUAGE = language()
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "amount": st.sampled_from([None, *map(Decimal, range(-1, 5))]),
    "name": st.sampled_from([None, "a", "b", "c"]),
    "stage": st.sampled_from([None, "won", "lost", "proposal"]),
    "signed_on": st.sampled_from([None, *(date(2026, 1, day) for day in range(1, 6))]),
    "urgent": st.booleans(),
    "account.vip": st.sampled_from([None, True, False]),
}
ROWS = st.lists(st.fixed_dictionaries(_VALUES), min_size=12, max_size=12)
_SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_ABOUT = {
    "amount": st.builds("amount {} {}".format, _SIGNS, st.integers(0, 2)) | st.just("ISBLANK(amount)"),
    "turned": st.builds("{1} {0} amount".format, _SIGNS, st.integers(0, 2)),
    "name": st.builds('name {} "{}"'.format, _SIGNS, st.sampled_from("ab")) | st.just("ISBLANK(name)"),
    "signed_on": st.builds("signed_on {} DATE(2026, 1, {})".format, _SIGNS, st.integers(2, 3)),
    "stage": st.builds(
        'stage {} "{}"'.format, st.sampled_from(["=", "<>"]), st.sampled_from(["won", "lost"])
    ),
    "urgent": st.sampled_from(["urgent", "urgent = false"]),
    "account.vip": st.just("account.vip"),
    "1 / amount": st.just("1 / amount > 1"),
}
"""Conditions by the field that they are about; few constants, so that they meet often."""
_DENIED = {name: atoms | atoms.map("NOT({})".format) for name, atoms in _ABOUT.items()}
_ATOMS = st.one_of(
    *_DENIED.values(),
    st.builds("{0} {1} {0}".format, st.sampled_from(["amount", "name", "1 / amount"]), _SIGNS),
    st.sampled_from(["ISBLANK(NULLVALUE(amount, 1))", "true", "1 > 2", "null", "ISNULL(name)"]),
)
CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        inner.map("NOT({})".format),
        st.builds("AND({})".format, st.lists(inner, min_size=2, max_size=4).map(", ".join)),
        st.builds("OR({})".format, st.lists(inner, min_size=2, max_size=4).map(", ".join)),
    ),
    max_leaves=5,
)
_OF_ONE = st.one_of(*(st.lists(atoms, min_size=2, max_size=3) for atoms in _DENIED.values()))
GROUPS = st.builds(
    "{}({})".format,
    st.sampled_from(["AND", "OR"]),
    (_OF_ONE | st.lists(CONDITIONS, min_size=2, max_size=4)).map(", ".join),
)


def check(text: str) -> Formula:
    return LANGUAGE.check(Source(path="f", text=text), SCOPE, Context.RULE)


def values(formula: Formula, rows: list[dict[str, Any]]) -> list[object]:
    """The value of a text for each row; an error is "error"."""
    program = compile_python(formula)
    return [_value(program, {**ROW, **row}) for row in rows]


def _value(program: Program, row: dict[str, Any]) -> object:
    try:
        return program(row, ENV)
    except FormulaError:
        return "error"


def claims(formula: Formula, where: str) -> list[tuple[str, str]]:
    """What warnings say of the whole of `text`: always, never, or of the field that must not be blank."""
    found = []
    for issue in formula.warnings:
        if issue.code is codes.CONSTANT and where in issue.message:
            said = issue.message.rpartition(where)[2]
            found.append((said, issue.message))
    return found


@given(GROUPS | _ATOMS, ROWS)
@settings(max_examples=120, deadline=None)
def test_a_group_said_to_be_constant_is_so_for_every_row(text: str, rows: list[dict[str, Any]]) -> None:
    hold_their_claims(check(text), rows)


def hold_their_claims(formula: Formula, rows: list[dict[str, Any]]) -> None:
    text = formula.source.text
    word = text[: text.index("(")] + "() is " if text.startswith(("AND(", "OR(")) else "comparison is "
    outermost = [
        said for said, message in claims(formula, word) if text.count(word[:-5]) <= 1 or word[0] == "c"
    ]
    for said in outermost:
        for row, found in zip(rows, values(formula, rows), strict=True):
            if said == "never true":
                assert found is not True
            elif said == "always true":
                assert found in (True, "error")
            else:
                field = said.removeprefix("true whenever ").removesuffix(" is not blank")
                assert found in (True, "error") or field not in row or row[field] is None


_EVERYWHERE: dict[str, list[Any]] = {
    "amount": [None, *map(Decimal, ("-1", "0", "0.5", "1", "2"))],
    "name": [None, "A", "a", "aa", "b", "c"],
    "stage": [None, "won", "lost", "proposal"],
}


@pytest.mark.parametrize(
    ("field", "constants", "signs"),
    [
        ("amount", ["0", "1"], ["=", "<>", "<", "<=", ">", ">="]),
        ("name", ['"a"', '"b"'], ["=", "<>", "<", ">="]),
        ("stage", ['"won"', '"lost"'], ["=", "<>"]),
    ],
)
@pytest.mark.parametrize("word", ["AND", "OR"])
def test_any_two_conditions_on_a_field_are_constant_exactly_when_told(
    word: str, field: str, constants: list[str], signs: list[str]
) -> None:
    atoms = [f"{field} {sign} {constant}" for sign in signs for constant in constants] + [f"ISBLANK({field})"]
    atoms += [f"NOT({atom})" for atom in atoms]
    rows = [{field: value} for value in _EVERYWHERE[field]]
    for first, second in combinations(atoms, 2):
        formula = check(f"{word}({first}, {second})")
        if claims(formula, f"{word}() is "):
            hold_their_claims(formula, rows)
        else:
            assert {value is True for value in values(formula, rows)} == {True, False}, formula.source.text


@given(_OF_ONE | st.lists(CONDITIONS, min_size=2, max_size=5), ROWS)
@settings(max_examples=120, deadline=None)
def test_a_branch_said_to_be_dead_is_never_taken(conditions: list[str], rows: list[dict[str, Any]]) -> None:
    text = "IFS(" + "".join(f"{condition}, {place}, " for place, condition in enumerate(conditions)) + "99)"
    starts = [text.index(f"{condition}, {place}, ") for place, condition in enumerate(conditions)]
    formula = check(text)
    dead = {
        starts.index(issue.span.start)
        for issue in formula.warnings
        if issue.code is codes.DEAD and issue.span.start in starts
    }
    assert not dead or not dead & {*values(formula, rows)}


@pytest.mark.parametrize(
    "text",
    [
        "amount > 5 && amount < 10", "amount >= 5 && amount <= 5", "amount > 1 || amount < 0",
        'stage = "won" || stage = "lost"', 'stage <> "won" && stage <> "lost"', "urgent || NOT(account.vip)",
        'name > "a" && name < "b"', "ISBLANK(amount) || amount = 0", "amount = discount", "IF(urgent, 1, 2)",
        "IF(amount > 200, 1, IF(amount > 100, 2, 3))", "IFS(urgent, 1, true, 2)", "true", "ISBLANK(amount)",
        'CASE(stage, "won", 1, "lost", 1, 0)', 'TEXT(stage) = "won" || TEXT(stage) = name',
        "signed_on < TODAY() && signed_on > TODAY() - 7",
        "IF(amount > 5, IF(amount > 6, 1, 2), IF(amount > 4, 3, 4))", "ISCHANGED(amount) && amount > 5",
        'CONTAINS(name, "a") && NOT(CONTAINS(name, "b"))', "amount < $old.amount && amount > $old.amount - 5",
    ],
)  # fmt: skip
def test_what_people_mean_is_not_warned_of(text: str) -> None:
    assert check(text).warnings == ()


def test_long_and_deep_conditions_are_looked_at_quickly() -> None:
    """A warning may be missed in what no person writes; time may not."""
    check(" || ".join(f"amount = {number}" for number in range(1000)))
    check("NOT(" * 500 + "urgent" + ")" * 500 + " && urgent")
    check("".join(f"IF(amount > {number}, {number}, " for number in range(90)) + "0" + ")" * 90)
