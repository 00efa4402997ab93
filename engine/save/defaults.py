"""Pass: fill what a new record was not given – defaults, owner – and keep up the bookkeeping of every row.

A default applies where the writer named no value; who writes a blank on purpose gets a blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine import codes
from engine.fault import why
from engine.fields.contract import FieldType
from engine.problem import Refusal
from engine.save.evaluation import evaluate, inputs
from engine.save.sheet import sheet
from engine.save.work import Kind, Row
from formula.expr import Formula
from formula.program import FormulaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.save.work import Work
    from formula.program import Env, Program
    from metadata.catalog import Field


def fill_defaults(work: Work) -> None:
    """Complete the after-image of created rows."""
    created = list(work.standing(Kind.CREATED))
    if not created:
        return
    plan = sheet(work.release, work.object)
    # What an amount is worth follows from the currency, so that it is not known yet.
    start = {**plan.blank, **dict.fromkeys(plan.companions), "owner": work.actor.id}
    for row in created:
        row.after = start | row.after
    _compute(work, created, plan.defaulted)


def default_of(work: Work, row: Row, field: Field) -> object:
    """What a new record would hold in a field if its writer had not named it."""
    plan = sheet(work.release, work.object)
    blank = plan.blank.get(field.name)
    given = {each.name: None for each in plan.defaulted if each is not field}
    unnamed = Row(
        place=row.place, kind=row.kind, id=row.id, version=None, given=given,
        after={**row.after, field.name: blank},
    )  # fmt: skip
    if field in plan.defaulted:
        _compute(work, [unnamed], plan.defaulted)
    return unnamed.after[field.name]


def keep_books(work: Work) -> None:
    """Set id, times, people, version and deletion of the after-image."""
    for row in work.standing(*Kind):
        after = row.after
        after["modified_at"], after["modified_by"] = work.now, work.actor.id
        if row.kind is Kind.CREATED:
            after["id"], after["created_at"], after["created_by"] = row.id, work.now, work.actor.id
            after["version"], after["deleted_at"] = 1, None
        else:
            after["version"] = row.before["version"] + 1
            after["deleted_at"] = work.now if row.kind is Kind.DELETED else None


def _compute(work: Work, rows: list[Row], fields: tuple[Field, ...]) -> None:
    formulas = tuple(field.default for field in fields if isinstance(field.default, Formula))
    if not formulas:
        return
    plan = inputs(work.release, work.object, "defaults", formulas)
    for row, values, env in evaluate(work, plan, rows):
        for field, program in zip(fields, plan.programs, strict=True):
            if field.name not in row.given:
                _default(row, field, program, values, env)
                # The values may be a copy: a later default sees this one either way.
                cast("dict[str, object]", values)[field.name] = row.after.get(field.name)


def _default(row: Row, field: Field, program: Program, values: Mapping[str, object], env: Env) -> None:
    try:
        row.after[field.name] = cast(FieldType, field.sort).fit(program(values, env))
    except Refusal as refusal:
        row.details.append(refusal.detail(field.name, row.place))
    except FormulaError as error:
        assert isinstance(field.default, Formula)
        row.refuse(
            codes.RULE_FAILED,
            "The default of {field} cannot be computed: {error}.",
            at=field.name,
            field=field.name,
            error=why(field.default, error, values, env),
        )
