"""Pass: read what the records are, under the Decision, and lock them.

A record the actor may not read is missing (404), so that existence does not leak; one she may read but not
change is refused (403). One statement, rows in the order of their ids, which is the order in which
everybody locks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.access import Action
from engine.joins import rules_of
from engine.planner import granted
from engine.problem import Problem
from engine.save.lists import read_lists
from engine.save.sheet import sheet
from engine.save.work import Kind, Work
from engine.sentence import said
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.policy import Policy
    from engine.release import Release
    from engine.save.work import Row
    from metadata.catalog import ObjectType

ACTIONS = {
    Kind.CREATED: Action.CREATE,
    Kind.UPDATED: Action.UPDATE,
    Kind.DELETED: Action.DELETE,
    Kind.RESTORED: Action.DELETE,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BeforePlan:
    """Reads rows by id; after the values come `deleted`, `visible` and `allowed`."""

    statement: Statement
    keys: tuple[str, ...]


def read_before(work: Work) -> None:
    """Fill `before` (and `after`, as its copy) of every row that is not new."""
    for kind in (Kind.UPDATED, Kind.DELETED, Kind.RESTORED):
        if rows := list(work.standing(kind)):
            granted(work.policy, work.object, ACTIONS[kind])
            _read(work, rows, ACTIONS[kind], restoring=kind is Kind.RESTORED)
    if any(True for _ in work.standing(Kind.CREATED)):
        granted(work.policy, work.object, Action.CREATE)


def read_shown(work: Work) -> None:
    """Fill rows as they are saved, for who may read them and need not be allowed to change them."""
    _read(work, list(work.standing(Kind.UPDATED)), Action.READ, restoring=False)


def missing(target: ObjectType, record: str) -> Problem:
    """The one Problem for records that do not exist and records that the actor may not read."""
    return Problem(
        codes.NOT_FOUND,
        said("There is no {object} {record} that you may see.", object=target.name, record=record),
        status=404,
        hint=codes.NOT_FOUND.mend,
    )


def before_plan(
    release: Release, policy: Policy, target: ObjectType, action: Action, *, locking: bool = True
) -> BeforePlan:
    """The plan of the before-image of an action."""
    shape = ("before", target.id, policy.key, action, locking)
    return release.statements.get(shape, lambda: _build(release, policy, target, action, locking=locking))


def _read(work: Work, rows: list[Row], action: Action, *, restoring: bool) -> None:
    plan = before_plan(work.release, work.policy, work.object, action, locking=work.locking)
    params = {**work.reader.given, "ids": id_list((row.id for row in rows), work.release.dialect)}
    found = {row[0]: row for row in plan.statement.rows(work.connection, params)}
    lists = read_lists(work, work.object, found)
    for row in rows:
        values = found.get(row.id)
        if values is None or not values[-2] or (values[-3] is not None) is not restoring:
            row.problem = missing(work.object, row.id)
        elif not values[-1]:
            row.problem = _forbidden(work.object, action)
        else:
            row.before = dict(zip(plan.keys, values[1:], strict=False)) | lists[row.id]
            row.after = dict(row.before)


def _forbidden(target: ObjectType, action: Action) -> Problem:
    message = said("You may not {action} this {object}.", action=said(action), object=target.name)
    return Problem(codes.FORBIDDEN, message, status=403, hint=codes.FORBIDDEN.mend)


def _build(
    release: Release, policy: Policy, target: ObjectType, action: Action, *, locking: bool
) -> BeforePlan:
    table = release.tables[target.id].table
    kept = sheet(release, target).kept
    rules = [_rule(release, policy, target, table, each) for each in (Action.READ, action)]
    columns: Iterable[sa.ColumnElement[Any]] = (
        table.c.id,
        *(table.c[slot.column] for slot in kept),
        table.c.deleted_at,
        *rules,
    )
    selected = sa.select(*(column.label(f"c{n}") for n, column in enumerate(columns)))
    wanted = selected.where(among_ids(table.c.id, "ids", release.dialect)).order_by(table.c.id)
    # Whoever changes it may be linked to meanwhile; nobody may link to what is deleted.
    shared = action is Action.UPDATE
    locked = (
        wanted
        if release.dialect.sqlite or not locking
        else wanted.with_for_update(of=table, key_share=shared)
    )
    identity = next(slot.decode for slot in kept if slot.key == "id")
    return BeforePlan(
        statement=compile_statement(locked, release.dialect, [identity, *(slot.decode for slot in kept)]),
        keys=tuple(slot.key for slot in kept),
    )


def _rule(
    release: Release, policy: Policy, target: ObjectType, table: sa.Table, action: Action
) -> sa.ColumnElement[bool]:
    rule = rules_of(release).decision(policy.decide(target, action), target, table)
    return sa.func.coalesce(rule, sa.false())
