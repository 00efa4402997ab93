"""Pass: the conditions of fields – which are shown, must be filled, may be changed – over the after-image.

Who writes makes no difference: people, flows and imports alike cannot change what is hidden or closed, and
must fill what is required. What the save sets by itself (defaults, the owner's department) is no change of
the writer's. What each condition came to stays on the row, for the passes after this one and for a preview.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from engine import codes
from engine.fault import why
from engine.save.defaults import default_of
from engine.save.evaluation import Inputs, evaluate, inputs
from engine.save.sheet import sheet
from engine.save.work import OPEN, Kind, Row, State
from formula.expr import references
from formula.program import FormulaError
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.release import Release
    from engine.save.work import Work
    from formula.expr import Formula
    from formula.program import Env, Program
    from metadata.catalog import Field, ObjectType

Values: TypeAlias = "Mapping[str, Any]"

VISIBLE, REQUIRED, READ_ONLY = "visible", "required", "read_only"
_ASPECTS = (VISIBLE, REQUIRED, READ_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """One condition of a field."""

    field: Field
    aspect: str
    formula: Formula
    program: Program


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guards:
    """All conditions of an object, and what they need; `fields` have some, and look at fields by name."""

    conditions: tuple[Condition, ...]
    fields: Mapping[Field, frozenset[str]]
    inputs: Inputs


def guards(release: Release, target: ObjectType) -> Guards:
    """The conditions of an object's fields, from the Release."""
    return release.statements.get(("guards", target.id), lambda: _guards(release, target))


def check_conditions(work: Work) -> None:
    """Judge each row's fields; refuse changes of hidden and closed ones, and blanks in required ones."""
    plan = guards(work.release, work.object)
    rows = list(work.standing(Kind.CREATED, Kind.UPDATED, Kind.RESTORED)) if plan.conditions else []
    for row, values, env in evaluate(work, plan.inputs, rows) if rows else ():
        row.states = _judge(plan, values, env, row)
        if row.kind is not Kind.RESTORED:
            for field in _judged(work, plan, row):
                _refuse_change(work, row, field)
    _refuse_blanks(work, plan, [row for row in rows if row.kind is not Kind.RESTORED])


def _judge(plan: Guards, values: Values, env: Env, row: Row | None = None) -> dict[str, State]:
    """The state of each field; a condition that cannot be computed counts as one that is not there."""
    found: dict[str, dict[str, bool]] = {field.name: {} for field in plan.fields}
    for each in plan.conditions:
        try:
            found[each.field.name][each.aspect] = each.program.condition(values, env)
        except FormulaError as error:
            if row is not None:
                row.refuse(
                    codes.RULE_FAILED,
                    "The condition of {field} cannot be computed: {error}.",
                    at=each.field.name,
                    field=each.field.name,
                    error=why(each.formula, error, values, env),
                )
    return {name: _state(aspects) for name, aspects in found.items()}


def _state(aspects: Mapping[str, bool]) -> State:
    visible = aspects.get(VISIBLE, True)
    return State(
        visible=visible,
        required=visible and aspects.get(REQUIRED, False),
        read_only=aspects.get(READ_ONLY, False),
    )


def _refuse_change(work: Work, row: Row, field: Field) -> None:
    state, label = row.states[field.name], field.label.text(work.actor.language)
    if (state.visible and not state.read_only) or not _changes(work, row, field):
        return
    if state.visible:
        row.refuse(codes.CLOSED, "{field} cannot be changed now.", at=field.name, field=label)
    else:
        row.refuse(codes.HIDDEN, "{field} does not apply here.", at=field.name, field=label)


def _changes(work: Work, row: Row, field: Field) -> bool:
    """Whether the writer gave a value that differs from what would stand there without her."""
    name = field.name
    if name not in row.given:
        return False
    if row.kind is Kind.UPDATED:
        return row.changed(name)
    return bool(row.after.get(name) != default_of(work, row, field))


def _refuse_blanks(work: Work, plan: Guards, rows: list[Row]) -> None:
    """A blank that stood there, and was required, before an update may stay, unless the update names it."""
    missing = [(row, field) for row in rows for field in _judged(work, plan, row) if _lacks(row, field)]
    kept = [row for row, field in missing if row.kind is Kind.UPDATED and field.name not in row.given]
    earlier = _earlier(work, plan, {id(row): row for row in kept}.values())
    for row, field in missing:
        known = earlier.get(row.place, {}).get(field.name, OPEN)
        lenient = known.required and field.name not in row.given and row.before.get(field.name) is None
        if not lenient:
            label = field.label.text(work.actor.language)
            row.refuse(codes.REQUIRED, "{field} is required.", at=field.name, field=label)


def _lacks(row: Row, field: Field) -> bool:
    """Whether a field is blank that only a condition requires; `check_values` sees to the others."""
    return not field.required and row.states[field.name].required and row.after.get(field.name) is None


def _earlier(work: Work, plan: Guards, rows: Iterable[Row]) -> dict[int, dict[str, State]]:
    """The states of rows as they were, by place in the batch."""
    before = [
        Row(
            place=row.place, kind=row.kind, id=row.id, version=None, given={},
            before=row.before, after=row.before,
        )
        for row in rows
    ]  # fmt: skip
    judged = evaluate(work, plan.inputs, before) if before else ()
    return {row.place: _judge(plan, values, env) for row, values, env in judged}


def _judged(work: Work, plan: Guards, row: Row) -> list[Field]:
    """The fields about which nothing is refused yet, neither themselves nor what their conditions read."""
    refused = {detail.field for detail in row.details}
    if work.awaited:
        links = sheet(work.release, work.object).links
        refused |= {link.name for link in links if work.awaits(row, link)}
    return [field for field, read in plan.fields.items() if not refused & {field.name, *read}]


def _guards(release: Release, target: ObjectType) -> Guards:
    listed = list(_listed(target))
    plan = inputs(release, target, "conditions", tuple(formula for _, _, formula in listed))
    fields: dict[Field, frozenset[str]] = {}
    for field, _, formula in listed:
        fields[field] = fields.get(field, frozenset()) | _names(formula)
    return Guards(
        conditions=tuple(
            Condition(field=field, aspect=aspect, formula=formula, program=program)
            for (field, aspect, formula), program in zip(listed, plan.programs, strict=True)
        ),
        fields=MappingProxyType(fields),
        inputs=plan,
    )


def _listed(target: ObjectType) -> Iterator[tuple[Field, str, Formula]]:
    for field in target.fields.values():
        for aspect in () if field.retired else _ASPECTS:
            formula: Formula | None = getattr(field.conditions, aspect)
            if formula is not None:
                yield field, aspect, formula


def _names(formula: Formula) -> frozenset[str]:
    paths = (each.key for each in references(formula.expr))
    return frozenset(
        (path.links[0] if path.links else path.field).name for path in paths if isinstance(path, FieldPath)
    )
