"""Formulas that stand on formulas many times over are refused when they are published, at once."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest

from engine.release import prepare
from engine.sqlite import DIALECT
from formula.issue import Rejected
from tests.engine.session.company import LANGUAGE, compiled

HEAD = """
object: thing
label: Thing
plural: Things
title: name
fields:
  name: {type: text, label: Name}
  amount: {type: number, label: Amount, scale: 2}
  below: {type: lookup, label: Below, to: thing}
  f0: {type: formula, label: F, returns: number, scale: 2, formula: amount / 3}
"""
LINE = "  f{n}: {{type: formula, label: F, returns: number, scale: 2, formula: {text}}}\n"
CASES = {
    "twice the one before": "f{m} + f{m}",
    "thrice, lazily": "IF(f{m} > 1, f{m}, f{m} + 1)",
    "over lookups": "below.f{m} + below.below.f{m} + below.below.below.f{m} + f{m}",
    "in a long row": "f{m} + 1",
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("height", [12, 200])
def test_towers_of_formulas_take_no_time(case: str, height: int) -> None:
    lines = (LINE.format(n=n, text=f'"{CASES[case].format(m=n - 1)}"') for n in range(1, height))
    start = process_time()
    with suppress(Rejected) if height == 12 else pytest.raises(Rejected):
        prepare(compiled({"objects/thing.yaml": HEAD + "".join(lines)}), 1, DIALECT, LANGUAGE)
    assert process_time() - start < 5
