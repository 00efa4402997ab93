"""Makes, when a Release is prepared, what every save and list of it will ask for.

So a formula that cannot be compiled, or follows too many lookups, stops the publication and not a colleague's
save; and the first request is as fast as the second. Everything made here lands in `Release.statements`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.actor import SYSTEM_SET
from engine.codes import NO_SQL_FORM
from engine.joins import Joins
from engine.output import output
from engine.policy import policy_of
from engine.problem import Problem
from engine.projection import projected
from engine.save.choices import choices
from engine.save.conditions import guards
from engine.save.evaluation import inputs
from engine.save.panels import panels
from engine.save.sheet import sheet
from formula.expr import Formula
from formula.issue import Issue, Rejected
from formula.source import Span
from formula.sql import Unwritable, condition_sql, to_sql
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import ObjectType
    from metadata.projection import Projection


def warm(release: Release) -> None:
    """Make the plans of all objects.

    Raises:
        Problem: the rules or defaults of an object need more lookups than a statement can follow.
        Rejected: with an Issue for each computed field, view, query or condition of access that this kind of
            database cannot compute, or that needs more lookups than a statement can follow.
    """
    system = policy_of(release, (SYSTEM_SET,))
    alive = [target for target in release.catalog.objects.values() if not target.retired]
    gaps = [gap for target in alive for gap in _gaps(release, system, target)]
    for target, formula in _of_access(release):
        gaps += [] if target.retired else _unasked(release, system, target, formula)
    if gaps:
        raise Rejected(gaps)
    for target in alive:
        if not target.query:
            _save(release, target)


def _save(release: Release, target: ObjectType) -> None:
    plan = sheet(release, target)
    rules = tuple(rule.when for rule in target.rules if rule.active)
    defaults = tuple(field.default for field in plan.defaulted if isinstance(field.default, Formula))
    guards(release, target)
    choices(release, target)
    panels(release, target)
    if rules:
        inputs(release, target, "rules", rules)
    if defaults:
        inputs(release, target, "defaults", defaults)


def _gaps(release: Release, system: Policy, target: ObjectType) -> Iterator[Issue]:
    """Computed fields as columns, views' conditions as conditions: that each can be asked for."""
    if target.query:
        if gaps := list(_query_gaps(release, system, target.query)):
            yield from gaps
            return
        projected(release, target, Joins)
    for field in target.fields.values():
        if field.formula is not None and not field.retired:
            try:
                output(Joins(release, system, target), FieldPath(field=field))
            except (Unwritable, Problem) as gap:
                yield _gap(field.formula, gap)
    for view in target.views.values():
        if view.where is not None:
            yield from _unasked(release, system, target, view.where)


def _of_access(release: Release) -> Iterator[tuple[ObjectType, Formula]]:
    """The conditions of grants and of rules that decide who may come at which records, with their objects."""
    catalog = release.catalog
    for each in catalog.permission_sets.values():
        for name, grant in each.grants.items():
            conditions = dict.fromkeys(formula for reach in grant.reaches for formula in reach.where)
            yield from ((catalog.objects[name], formula) for formula in conditions)
    for shared in catalog.sharing_rules.values():
        if shared.where is not None:
            yield shared.object, shared.where
    yield from ((rule.object, rule.where) for rule in catalog.restriction_rules.values())


def _unasked(release: Release, system: Policy, target: ObjectType, condition: Formula) -> Iterator[Issue]:
    """What keeps a condition from being asked of the database."""
    joins = Joins(release, system, target)
    try:
        condition_sql(condition.expr, release.dialect.backend, joins.reference)
    except (Unwritable, Problem) as gap:
        yield _gap(condition, gap)


def _query_gaps(release: Release, system: Policy, query: Projection) -> Iterator[Issue]:
    """What a query shows, and its condition."""
    backend = release.dialect.backend
    source = Joins(release, system, query.source)
    for shown in query.shown.values():
        if shown.value is not None:
            try:
                to_sql(shown.value.expr, backend, source.reference)
            except (Unwritable, Problem) as gap:
                yield _gap(shown.value, gap)
    if query.where is not None:
        try:
            condition_sql(query.where.expr, backend, source.reference)
        except (Unwritable, Problem) as gap:
            yield _gap(query.where, gap)


def _gap(formula: Formula, gap: Unwritable | Problem) -> Issue:
    whole = Span(0, len(formula.source.text))
    message = f"this kind of database cannot compute it: {gap}"
    return Issue(code=NO_SQL_FORM, message=message, source=formula.source, span=whole, hint=NO_SQL_FORM.mend)
