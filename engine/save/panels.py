"""Which sections of a form show: the conditions of its layout, over the record as it is or would be.

No pass and enforced by nobody: a section only shows and hides its fields. Evaluated for `engine.preview`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.save.evaluation import Inputs, evaluate, inputs
from formula.program import FormulaError
from metadata.record_type import RECORD_TYPE

if TYPE_CHECKING:
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import ObjectType, Section


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panels:
    """The sections of all layouts of an object that show under a condition, and what those need."""

    sections: tuple[Section, ...]
    inputs: Inputs


def panels(release: Release, target: ObjectType) -> Panels:
    """The sections of an object with conditions, from the Release."""
    return release.statements.get(("panels", target.id), lambda: _panels(release, target))


def hidden(work: Work, row: Row) -> frozenset[str]:
    """The ids of the sections that the layout of a record does not show."""
    plan = panels(work.release, work.object)
    laid_out = work.object.layout_of(row.after.get(RECORD_TYPE)).sections
    found = set()
    for _, values, env in evaluate(work, plan.inputs, [row]) if plan.sections else ():
        for section, program in zip(plan.sections, plan.inputs.programs, strict=True):
            try:
                if section in laid_out and not program.condition(values, env):
                    found.add(section.id)
            except FormulaError:  # nothing is enforced here, and what is there stays in sight
                continue
    return frozenset(found)


def _panels(release: Release, target: ObjectType) -> Panels:
    layouts = (target.layout, *(each.layout for each in target.record_types.values()))
    found = {
        section: section.visible
        for layout in layouts
        for section in layout.sections
        if section.visible is not None
    }
    plan = inputs(release, target, "sections", tuple(found.values()))
    return Panels(sections=tuple(found), inputs=plan)
