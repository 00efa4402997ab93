"""The composition root: the one place where the rooms are handed to each other.

It builds the formula language, the field and step kinds that `metadata` checks against, and the system tables
of every room. It holds no state: `compose()` is called once by each program and its result passed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.fields import at_home, field_kinds
from engine.files.tables import FILES
from engine.matching.tables import MATCHING
from engine.secrets.tables import SECRETS
from engine.system_steps import ENGINE
from formula.language import language
from metadata.kinds import Kinds
from runtime.jobs import job_kinds
from runtime.system import RUNTIME
from workflow.step import step_types
from workflow.tables import WORKFLOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields import Kind
    from engine.jobs.job import JobKind
    from engine.system import SystemSchema
    from formula.language import Language
    from workflow.step import StepType

__all__ = ["Composition", "compose"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Composition:
    """What the rooms need from each other: language, kinds, steps of flows, each room's system tables."""

    language: Language
    kinds: Kinds
    steps: Mapping[str, StepType]
    jobs: Mapping[str, JobKind]
    system: tuple[SystemSchema, ...]
    fields: Mapping[str, Kind]

    def kinds_of(self, country: str | None) -> Kinds:
        """The kinds of a company, which know its country (ISO 3166-1 alpha-2; None: it has said none)."""
        return Kinds(fields=at_home(self.fields, country), steps=self.kinds.steps)


def compose() -> Composition:
    """Build the composition; about 50 ms, so once per process."""
    steps, fields = step_types(), field_kinds()
    return Composition(
        language=language(),
        kinds=Kinds(fields=fields, steps=steps),
        fields=fields,
        steps=steps,
        jobs=job_kinds(),
        system=(ENGINE, FILES, SECRETS, MATCHING, WORKFLOW, RUNTIME),
    )
