"""Makes, when a Release is prepared, what every save and list of it will ask for.

So a formula that cannot be compiled, or follows too many lookups, stops the publication and not a colleague's
save; and the first request is as fast as the second. Everything made here lands in `Release.statements`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.actor import SYSTEM_SET
from engine.joins import Joins
from engine.output import output
from engine.policy import policy_of
from engine.save.evaluation import inputs
from engine.save.sheet import sheet
from formula.expr import Formula
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import ObjectType


def warm(release: Release) -> None:
    """Make the plans of all objects.

    Raises:
        Problem: a formula needs more lookups than a statement can follow.
    """
    system = policy_of(release, (SYSTEM_SET,))
    for target in release.catalog.objects.values():
        if not target.retired:
            _save(release, target)
            _read(release, system, target)


def _save(release: Release, target: ObjectType) -> None:
    plan = sheet(release, target)
    rules = tuple(rule.when for rule in target.rules if rule.active)
    defaults = tuple(field.default for field in plan.defaulted if isinstance(field.default, Formula))
    if rules:
        inputs(release, target, "rules", rules)
    if defaults:
        inputs(release, target, "defaults", defaults)


def _read(release: Release, system: Policy, target: ObjectType) -> None:
    """Computed fields as columns: which of them a list asks for is not known yet, that each can be is."""
    for field in target.fields.values():
        if field.formula is not None and not field.retired:
            output(Joins(release, system, target), FieldPath(field=field))
