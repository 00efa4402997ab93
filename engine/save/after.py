"""Pass: the Decision once more, on what the records are to be; then the judgement of the batch.

Nobody moves a record to where she could not have changed it, or makes one where she could not see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import codes
from engine.access import Action, allows
from engine.problem import Problem
from engine.save.sheet import sheet
from engine.save.work import Kind, row_problem
from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.save.work import Row, Work


def decide_after(work: Work) -> None:
    """Refuse rows whose new owner or department lies outside the actor's reach.

    Where a part may be, its parent says (`follow_parent`).
    """
    if sheet(work.release, work.object).master:
        return
    for kind, action in ((Kind.CREATED, Action.CREATE), (Kind.UPDATED, Action.UPDATE)):
        decision = work.policy.decide(work.object, action)
        for row in work.standing(kind):
            if kind is Kind.UPDATED and not (row.changed("owner") or row.changed("department")):
                continue
            if not allows(decision, work.facts.circle, row.after.get("owner"), row.after.get("department")):
                message = "You may not {action} a {object} for this owner."
                noun = work.object.label.text(work.actor.language)
                row.refuse(codes.FORBIDDEN, message, at="owner", action=said(action), object=noun)


def judge(work: Work) -> None:
    """Let the batch go on if every row is sound, or if it may go on without the others.

    Else raise `Problem`.
    """
    refused = [row for row in work.rows if row.problem or row.details]
    if refused and not work.mutation.partial:
        raise batch_problem(refused, len(work.rows))


def batch_problem(refused: Sequence[Row], size: int) -> Problem:
    """The Problem of a batch: that of its single row, or one that lists what is wrong with every row."""
    first = row_problem(refused[0])
    assert first is not None
    if size == 1:
        return first
    details = [detail for row in refused for detail in row.told()]
    message = said(
        "{refused} of {size} records are refused; nothing was saved.", refused=len(refused), size=size
    )
    return Problem(codes.INVALID, message, status=first.status, details=details, hint=codes.INVALID.mend)
