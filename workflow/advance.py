"""The one rule of movement: a run, what it sees, and out comes the next run with what is to be done.

Pure: no clock, no database, no second chance to differ. The worker performs the effects and keeps the run,
both or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula.program import FormulaError
from workflow.run import Run, RunState

if TYPE_CHECKING:
    from workflow.effect import Effect
    from workflow.moment import Moment
    from workflow.plan import PlannedFlow


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The next state of a run and the effects that belong to it."""

    run: Run
    effects: tuple[Effect, ...] = ()


def advance(planned: PlannedFlow, run: Run, signal: Moment) -> Outcome:
    """Do the step at `run.position`, seeing the record as `signal` shows it.

    A formula that cannot be computed stops the run, visibly, with nothing done.
    """
    step = planned.steps[run.position]
    try:
        config = step.evaluate(signal)
    except FormulaError as error:
        return Outcome(run=run.stopped(RunState.FAILED, f"{step.label}: {error}"))
    return Outcome(run=run.moved(len(planned.steps)), effects=step.type.effects(config, run))
