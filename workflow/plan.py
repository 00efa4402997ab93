"""The flows of one Catalog, made ready to run: step types found, formulas compiled, names to be read listed.

Pure and derived from the Catalog alone; the worker makes it once per Release and drops it with the Release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formula.expr import Formula
from formula.program import Program, compile_python
from metadata.catalog import Catalog, FieldPath, Flow, Global, Step

if TYPE_CHECKING:
    from formula.expr import Reference
    from workflow.moment import Moment
    from workflow.run import Run
    from workflow.step import StepType

Config = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What formulas need to be told: fields of the record, and of the person behind the event (`$user.x`);
    `kept`: what the company's records say (`$rates`, `$calendar`).

    A field read as `$old.x` is listed as x: where the event did not touch it, that is its old value too.
    """

    record: tuple[FieldPath, ...]
    user: tuple[FieldPath, ...]
    kept: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedStep:
    """A step whose options hold compiled Programs where the document had formulas."""

    type: StepType
    label: str
    config: Config
    reads: Reads

    def evaluate(self, moment: Moment) -> Config:
        """The options as values. Raises `FormulaError`."""
        return {name: _evaluate(value, moment) for name, value in self.config.items()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedFlow:
    """A flow whose start condition and steps are ready to run. `reads` is for the start condition."""

    flow: Flow
    when: Program | None
    reads: Reads
    steps: tuple[PlannedStep, ...]

    def starts(self, moment: Moment, before: Moment | None) -> bool:
        """Whether the condition is true and, where it must become so, was not true `before` (None: create).

        Raises `FormulaError`.
        """
        if self.when is None:
            return True
        if not self.when.condition(moment.row, moment.env):
            return False
        if not self.flow.start.becomes or before is None:
            return True
        return not self.when.condition(before.row, before.env)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flows:
    """All flows of a Catalog."""

    by_start: Mapping[str, tuple[PlannedFlow, ...]]
    """By the id of the object whose events they watch."""
    by_id: Mapping[str, PlannedFlow]

    def of(self, run: Run) -> PlannedFlow | None:
        """The flow of a run in the version that the run started on, or None when it has changed since."""
        planned = self.by_id.get(run.flow)
        return planned if planned is not None and planned.flow.version == run.version else None


def plan_flows(catalog: Catalog, types: Mapping[str, StepType]) -> Flows:
    """Make the flows of a Catalog ready to run."""
    planned = tuple(_plan_flow(flow, types) for flow in catalog.flows.values())
    by_start: dict[str, tuple[PlannedFlow, ...]] = {}
    for flow in planned:
        watched = flow.flow.start.object.id
        by_start[watched] = (*by_start.get(watched, ()), flow)
    return Flows(by_start=by_start, by_id={flow.flow.id: flow for flow in planned})


def _plan_flow(flow: Flow, types: Mapping[str, StepType]) -> PlannedFlow:
    when = flow.start.when
    return PlannedFlow(
        flow=flow,
        when=None if when is None else compile_python(when),
        reads=reads_of(() if when is None else (when,)),
        steps=tuple(_plan_step(step, types[step.kind]) for step in flow.steps),
    )


def _plan_step(step: Step, type_: StepType) -> PlannedStep:
    return PlannedStep(
        type=type_,
        label=step.id if step.label is None else step.label.text("en"),
        config={name: _compile(value) for name, value in step.config.items()},
        reads=reads_of(tuple(_formulas(step.config))),
    )


def reads_of(formulas: tuple[Formula, ...]) -> Reads:
    """What these formulas need, each field once."""
    record: dict[FieldPath, None] = {}
    user: dict[FieldPath, None] = {}
    kept: dict[Reference, None] = {}
    for reference in (reference for formula in formulas for reference in formula.refs):
        match reference.key:
            case FieldPath() as path:
                record[path] = None
            case Global(root="$old", path=FieldPath() as path):
                record[path] = None
            case Global(root="$user", path=FieldPath() as path):
                user[path] = None
            case Global(root="$rates" | "$calendar"):
                kept[reference] = None
            case _:
                pass
    return Reads(record=tuple(record), user=tuple(user), kept=tuple(kept))


def _formulas(value: object) -> Iterator[Formula]:
    match value:
        case Formula():
            yield value
        case Mapping():
            for part in value.values():
                yield from _formulas(part)
        case list() | tuple():
            for part in value:
                yield from _formulas(part)
        case _:
            return


def _compile(value: object) -> object:
    match value:
        case Formula():
            return compile_python(value)
        case Mapping():
            return {name: _compile(part) for name, part in value.items()}
        case list() | tuple():
            return tuple(_compile(part) for part in value)
        case _:
            return value


def _evaluate(value: object, moment: Moment) -> object:
    match value:
        case Program():
            return value(moment.row, moment.env)
        case Mapping():
            return {name: _evaluate(part, moment) for name, part in value.items()}
        case tuple():
            return tuple(_evaluate(part, moment) for part in value)
        case _:
            return value
