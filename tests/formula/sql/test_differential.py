"""One answer everywhere: Python, SQLite and PostgreSQL give the same value for the same formula and row.

`STRATA_CASES` and `STRATA_SEED` size and vary the long run; a fault is told by its smallest formula.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import pytest

from formula.issue import Rejected
from formula.scope import Context, Need
from formula.sql import Backend, Unwritable
from formula.types import Kind
from tests.formula.sql.expressions import grammar, smallest, templates
from tests.formula.sql.rows import Answer, checked, python_values
from tests.formula.sql.values import ENVS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formula.expr import Formula
    from formula.language import Blanks, Language
    from formula.program import Env
    from tests.formula.sql.expressions import Grammar, Node
    from tests.formula.sql.rows import Asked, Bench

PARTS, CASES = 8, 400
SEED = 20260329
SOAK_CASES = int(os.environ.get("STRATA_CASES", "100000"))
SOAK_SEED = int(os.environ.get("STRATA_SEED", str(SEED)))
BATCH = 12
"""Formulas asked by one statement."""
TOLD = 1_000
"""Batches after which a long run says how far it is."""
MOST_FAULTS = 20
"""Faults after which a run ends."""


@pytest.fixture(scope="module")
def words(tongue: Language) -> Grammar:
    """The formulas that may be made."""
    return grammar(tongue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What formulas of one batch share."""

    env: Env
    blanks: Blanks


class Run:
    """A comparison of many formulas; `compared` counts those that each database answered."""

    def __init__(self, tongue: Language, benches: tuple[Bench, Bench], words: Grammar, seed: int) -> None:
        self._tongue = tongue
        self._benches = benches
        self._grammar = words
        self._seed = seed
        self.compared: Counter[str] = Counter()
        self.faults: dict[str, str] = {}

    def __str__(self) -> str:
        return f"seed {self._seed}: {dict(self.compared)}"

    def go(self, cases: int) -> None:
        """Compare at least so many formulas, or as far as too many faults."""
        batch = 0
        while self.compared["asked"] < cases and len(self.faults) < MOST_FAULTS:
            random = Random(f"{self._seed}/{batch}")
            setting = Setting(env=random.choice(ENVS), blanks=random.choice(("as_blank", "as_zero")))
            self._compare(list(self._formulas(random, setting)), setting)
            batch += 1
            if batch % TOLD == 0:
                sys.stderr.write(f"{self}\n")

    def _formulas(self, random: Random, setting: Setting) -> Iterator[tuple[Node, Formula]]:
        for _ in range(BATCH):
            node = self._grammar.formula(random, random.choice((1, 2, 3, 5, 8, 13)))
            try:
                yield node, checked(self._tongue, str(node), setting.blanks)
            except Rejected:
                self.compared["rejected"] += 1

    def _compare(self, cases: list[tuple[Node, Formula]], setting: Setting) -> None:
        self.compared["asked"] += len(cases)
        wanted = [_wanted(formula, setting) for _, formula in cases]
        for bench in self._benches:
            asked = [_asked(formula, bench) for _, formula in cases]
            written = [(n, each) for n, each in enumerate(asked) if each]
            self.compared[bench.backend] += len(written)
            if self._alike(bench, [each for _, each in written], [wanted[n] for n, _ in written], setting):
                continue
            for n, each in written:
                if not self._alike(bench, [each], [wanted[n]], setting):
                    self._fault(bench, cases[n][0], setting)

    def _alike(self, bench: Bench, asked: list[Asked], wanted: list[Answer], setting: Setting) -> bool:
        try:
            return bench.answers(asked, setting.env) == wanted
        except Exception:  # noqa: BLE001 - whatever a database says against a formula is a fault
            return False

    def _fault(self, bench: Bench, node: Node, setting: Setting) -> None:
        def fails(plainer: Node) -> bool:
            try:
                formula = checked(self._tongue, str(plainer), setting.blanks)
            except Rejected:
                return False
            asked = None if formula.type.kind is Kind.MULTIPICKLIST else _asked(formula, bench)
            return asked is not None and not self._alike(bench, [asked], [_wanted(formula, setting)], setting)

        least = str(smallest(node, fails))
        self.faults[least] = f"{bench.backend} in {setting.env.zone}, blanks {setting.blanks}: {least}"
        sys.stderr.write(f"{self.faults[least]}\n")


def _wanted(formula: Formula, setting: Setting) -> Answer:
    values = python_values(formula, setting.env)
    if formula.type.kind is not Kind.BOOLEAN:
        return Answer(values=values, matches=[])
    holds = {i for i, value in enumerate(values) if value is True}
    return Answer(values=values, matches=[holds, set(range(len(values))) - holds])


def _asked(formula: Formula, bench: Bench) -> Asked | None:
    """The formula's columns; None for a declared gap."""
    try:
        return bench.ask(formula)
    except Unwritable:
        return None


def _run(run: Run, cases: int) -> None:
    run.go(cases)
    sys.stderr.write(f"{run}\n")
    assert not run.faults, "\n".join(run.faults.values())
    assert run.compared["rejected"] < run.compared["asked"] / 5
    for backend in Backend:
        assert run.compared[backend] > run.compared["asked"] * 0.7


@pytest.mark.parametrize("part", range(PARTS))
def test_three_back_ends_give_one_answer(
    tongue: Language, benches: tuple[Bench, Bench], words: Grammar, part: int
) -> None:
    _run(Run(tongue, benches, words, SEED + part), CASES)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_three_back_ends_give_one_answer_a_hundred_thousand_times(
    tongue: Language, benches: tuple[Bench, Bench], words: Grammar
) -> None:
    _run(Run(tongue, benches, words, SOAK_SEED), SOAK_CASES)


def test_every_function_stands_in_the_formulas_that_are_compared(tongue: Language) -> None:
    missing = [
        function.name
        for function in tongue.functions.values()
        if function.legal_in(Context.FORMULA_FIELD)
        and function.needs is not Need.BEFORE
        and not any(templates(tongue, function))
    ]
    assert not missing, f"add templates to MORE for {missing}"
