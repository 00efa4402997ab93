"""Passes: the Decision once more, on what the records are to be; then the judgement of the batch.

Nobody moves a record to where she could not have changed it, or makes one where she could not see it. What
owner and department decide is known before anything is written; where conditions, teams or restrictions have
a say, the database is asked about the written rows, in the same words in which it filters a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine import codes
from engine.access import Action, Always, Union, surely
from engine.codec import id_form
from engine.derived.guarded import guarded
from engine.joins import rules_of
from engine.matching.match import told as matches_told
from engine.problem import Problem
from engine.save.sheet import sheet
from engine.save.work import Kind, row_problem
from engine.sentence import said
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.access import Decision
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import ObjectType

HELD = "batch"
"""The savepoint before the writes of a partial batch."""

_ACTIONS = ((Kind.CREATED, Action.CREATE), (Kind.UPDATED, Action.UPDATE))


class OutOfReach(Exception):  # noqa: N818  (the rows are; nothing broke)
    """Written rows of a partial batch that lie outside the writer's reach, by their places in it.

    Whoever catches this goes back to where the batch was held, and saves it without them.
    """

    def __init__(self, rows: dict[int, Problem]) -> None:
        super().__init__(f"{len(rows)} rows lie outside the writer's reach")
        self.rows = rows


def decide_after(work: Work) -> None:
    """Refuse rows whose new owner or department alone puts them outside the actor's reach."""
    for kind, action in _ACTIONS:
        for row in work.standing(kind):
            if _sure(work, row, work.policy.decide(work.object, action)) is False:
                _refuse(work, row, action)


def decide_written(work: Work) -> None:
    """Refuse the written rows that the database does not find within the actor's reach; one statement a kind.

    Raises `OutOfReach` if the batch is partial, else the batch's `Problem`.
    """
    refused = [row for kind, action in _ACTIONS for row in _outside(work, kind, action)]
    if refused and work.mutation.partial:
        raise OutOfReach({row.place: problem for row in refused if (problem := row_problem(row))})
    judge(work)


def hold(work: Work) -> None:
    """Set the point that a partial batch comes back to if the database refuses rows after all."""
    if not work.mutation.partial:
        return
    if guarded(work.release) or any(_doubtful(work, kind, action) for kind, action in _ACTIONS):
        work.connection.run(f"SAVEPOINT {HELD}")


def _sure(work: Work, row: Row, decision: Decision) -> bool | None:
    """What is known before it is written; where a part may be, its parent says (`follow_parent`)."""
    if isinstance(decision, Always):
        return True
    restricted = isinstance(decision, Union) and bool(decision.restrictions)
    if sheet(work.release, work.object).master:
        return None if restricted else True
    plain = isinstance(decision, Union) and decision.plain
    if row.kind is Kind.UPDATED and plain and not (row.changed("owner") or row.changed("department")):
        return True
    return surely(decision, work.facts.circle, row.after.get("owner"), row.after.get("department"))


def _doubtful(work: Work, kind: Kind, action: Action) -> list[Row]:
    decision = work.policy.decide(work.object, action)
    return [row for row in work.sound(kind) if _sure(work, row, decision) is None]


def _outside(work: Work, kind: Kind, action: Action) -> Iterator[Row]:
    doubtful = _doubtful(work, kind, action)
    if not doubtful:
        return
    decision = work.policy.decide(work.object, action)
    shape = ("after", work.object.id, work.policy.key, action)
    statement = work.release.statements.get(shape, lambda: _within(work.release, decision, work.object))
    ids = id_list((row.id for row in doubtful), work.release.dialect)
    inside = {id_ for (id_,) in statement.rows(work.connection, {**work.reader.given, "ids": ids})}
    for row in doubtful:
        if row.id not in inside:
            _refuse(work, row, action)
            yield row


def _within(release: Release, decision: Decision, target: ObjectType) -> Statement:
    table = release.tables[target.id].table
    rule = rules_of(release).decision(decision, target, table)
    rows = sa.select(table.c.id).where(among_ids(table.c.id, "ids", release.dialect), rule)
    return compile_statement(rows, release.dialect, [id_form(release.dialect).decode])


def _refuse(work: Work, row: Row, action: Action) -> None:
    noun = work.object.label.text(work.actor.language)
    if row.kind is Kind.CREATED or row.changed("owner") or row.changed("department"):
        message = "You may not {action} a {object} for this owner."
        row.refuse(codes.FORBIDDEN, message, at="owner", action=said(action), object=noun)
        return
    message = "With these values the {object} would lie outside what you may {action}."
    row.refuse(codes.FORBIDDEN, message, action=said(action), object=noun)


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
    return Problem(
        codes.INVALID,
        message,
        status=first.status,
        details=details,
        hint=codes.INVALID.mend,
        data=matches_told(refused),
    )
