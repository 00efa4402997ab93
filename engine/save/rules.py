"""Pass: the object's validation rules, over rows whose values are sound; each speaks at its field.

A rule that cannot be computed refuses the record with the reason: silence would let through what it guards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import codes
from engine.fault import why
from engine.save.evaluation import evaluate, inputs
from engine.save.sheet import sheet
from engine.save.work import Kind
from formula.program import FormulaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.save.work import Row, Work
    from formula.program import Env, Program
    from metadata.catalog import Rule


def check_rules(work: Work) -> None:
    """Refuse the rows for which an active rule holds.

    What a rule would read behind a link to a record that was refused itself is not there to be judged by.
    """
    rules = tuple(rule for rule in work.object.rules if rule.active)
    rows = (
        [row for row in work.sound(Kind.CREATED, Kind.UPDATED) if not _awaiting(work, row)] if rules else []
    )
    if not rows:
        return
    plan = inputs(work.release, work.object, "rules", tuple(rule.when for rule in rules))
    for row, values, env in evaluate(work, plan, rows):
        for rule, program in zip(rules, plan.programs, strict=True):
            _check(work, row, rule, program, values, env)


def _awaiting(work: Work, row: Row) -> bool:
    return bool(work.awaited) and any(
        work.awaits(row, link) for link in sheet(work.release, work.object).links
    )


def _check(
    work: Work, row: Row, rule: Rule, program: Program, values: Mapping[str, object], env: Env
) -> None:
    at = rule.at.name if rule.at else None
    try:
        if program.condition(values, env):
            row.refuse(codes.RULE_BROKEN, rule.message.text(work.actor.language), at=at, hint="")
    except FormulaError as error:
        row.refuse(
            codes.RULE_FAILED,
            "The rule {rule} cannot be computed: {error}.",
            at=at,
            rule=rule.name,
            error=why(rule.when, error, values, env),
        )
