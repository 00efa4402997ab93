"""What a step type is: it names itself, describes its options, and turns them into effects. Nothing else.

Each type is one file in `workflow/steps/` with a `STEP`; `step_types` finds them all.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.effect import Effect
    from workflow.run import Run


class StepType(Protocol):
    """A `metadata.kinds.StepKind` that also knows what to do."""

    @property
    def name(self) -> str:
        """The key of the step in a flow document."""

    @property
    def schema(self) -> Mapping[str, object]:
        """JSON Schema of the step's options."""

    def effects(self, config: Mapping[str, object], run: Run) -> tuple[Effect, ...]:
        """What to do, given options in which every formula has become its value."""

    def object(self, config: Mapping[str, object], start: str) -> str | None:
        """The object whose fields `config["set"]` names; `start` is the flow's own."""


def step_types() -> Mapping[str, StepType]:
    """Return all step types by name: one per module of `workflow.steps`.

    Raises `ValueError` when two modules claim one name.
    """
    import workflow.steps as package

    found: dict[str, StepType] = {}
    for module in iter_modules(package.__path__):
        step: StepType = import_module(f"workflow.steps.{module.name}").STEP
        if step.name in found:
            raise ValueError(f"two step types are called {step.name!r}")
        found[step.name] = step
    return found
