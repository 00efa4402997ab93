"""What a formula comes to on rows: in Python here, in a database by `database.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from formula.program import Env, FormulaError, compile_python

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.expr import Formula
    from formula.program import Program
    from runtime.formulas.cells import Cell
    from runtime.formulas.rows import Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The value of one row, or why it has none."""

    value: Cell = None
    error: str = ""


class Computer(Protocol):
    """Something that computes a formula on rows."""

    def compute(self, formula: Formula, rows: Sequence[Filled], env: Env) -> list[Outcome]:
        """The outcome of each row; `env` has the clock and the zone. Raises Refused if there is none."""


class PythonComputer:
    """Computes in this process, with the reason of every error."""

    def compute(self, formula: Formula, rows: Sequence[Filled], env: Env) -> list[Outcome]:
        program = compile_python(formula)
        return [_outcome(program, row, env) for row in rows]


def _outcome(program: Program, row: Filled, env: Env) -> Outcome:
    here = Env(now=env.now, zone=env.zone, globals=row.cells, before=row.before, copied=row.copied)
    try:
        return Outcome(value=program.value(row.cells, here))
    except FormulaError as error:
        return Outcome(error=error.reason)
