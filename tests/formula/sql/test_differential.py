"""One answer everywhere: Python, SQLite and PostgreSQL give the same value for the same formula and row."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings

from formula.issue import Rejected
from formula.sql import Unwritable
from formula.types import Kind
from tests.formula.sql.expressions import formulas
from tests.formula.sql.rows import Bench, checked, nasty_rows, python_matches, python_values

if TYPE_CHECKING:
    from formula.expr import Formula
    from formula.language import Language

ROWS = nasty_rows()
SOAK_CASES = int(os.environ.get("STRATA_CASES", "100000"))
SOAK_SEED = int(os.environ.get("STRATA_SEED", "20260329"))
_QUIET = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture)


def _agree(tongue: Language, benches: tuple[Bench, Bench], text: str) -> None:
    try:
        formula = checked(tongue, text)
    except Rejected:
        assume(False)
    wanted = python_values(formula, ROWS)
    for bench in benches:
        try:
            found = bench.values(formula)
        except Unwritable:
            continue
        assert found == wanted, f"{bench.backend}: {text}"
        if formula.type.kind is Kind.BOOLEAN:
            _select_the_same(formula, bench)


def _select_the_same(formula: Formula, bench: Bench) -> None:
    wanted = python_matches(formula, ROWS)
    holds, lacks = bench.matches(formula)
    assert holds == wanted
    assert lacks == set(range(len(ROWS))) - wanted


@given(text=formulas())
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=_QUIET)
def test_three_back_ends_give_one_answer(tongue: Language, benches: tuple[Bench, Bench], text: str) -> None:
    _agree(tongue, benches, text)


@pytest.mark.soak
@pytest.mark.timeout(0)
@seed(SOAK_SEED)
@given(text=formulas(4))
@settings(
    max_examples=SOAK_CASES,
    deadline=None,
    database=None,
    suppress_health_check=_QUIET,
    phases=(Phase.generate, Phase.shrink),
)
def test_three_back_ends_give_one_answer_a_hundred_thousand_times(
    tongue: Language, benches: tuple[Bench, Bench], text: str
) -> None:
    _agree(tongue, benches, text)
