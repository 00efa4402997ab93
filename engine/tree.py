"""The records above a record of an object that is a tree, as its reader may see them: for breadcrumbs.

Stops at the first one that she may not read, so that nothing leads past it. Rings are refused by the save
(`engine/save/tree.py`); the bound on depth is only for what got past it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.access import Action
from engine.codec import id_form
from engine.joins import rules_of
from engine.planner import granted
from engine.statement import Statement, compile_statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Connection
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import ObjectType

DEEPEST = 50
"""Levels of a tree."""


def above(
    connection: Connection,
    release: Release,
    policy: Policy,
    target: ObjectType,
    record: str,
    given: Mapping[str, object],
) -> list[str]:
    """The ids of the readable records above `record`, the root first; none if there is no tree."""
    if target.tree is None:
        return []
    shape = ("above", target.id, policy.key)
    statement = release.statements.get(shape, lambda: _build(release, policy, target))
    encode = id_form(release.dialect).encode
    rows = statement.rows(connection, {**given, "start": encode(record) if encode else record})
    return [row[0] for row in rows]


def _build(release: Release, policy: Policy, target: ObjectType) -> Statement:
    assert target.tree is not None
    decision, dialect = granted(policy, target, Action.READ), release.dialect
    table, form = release.tables[target.id].table, id_form(dialect)
    up = target.tree.column

    def seen(rows: sa.FromClause) -> sa.ColumnElement[bool]:
        rule = rules_of(release).decision(decision, target, rows)
        return sa.and_(rows.c.deleted_at.is_(None), rule)

    start: sa.BindParameter[Any] = sa.bindparam("start", type_=form.type)
    first = table.alias()
    zero = sa.literal_column("0", sa.INTEGER()).label("depth")
    climb = (
        sa.select(first.c.id, first.c[up].label("up"), zero)
        .where(first.c.id == start, seen(first))
        .cte("climb", recursive=True)
    )
    higher = table.alias()
    step = (
        sa.select(higher.c.id, higher.c[up], climb.c.depth + sa.literal_column("1"))
        .join_from(climb, higher, higher.c.id == climb.c.up)
        .where(seen(higher), climb.c.depth < sa.literal_column(str(DEEPEST)))
    )
    climb = climb.union_all(step)
    chain = sa.select(climb.c.id).where(climb.c.depth > sa.literal_column("0")).order_by(climb.c.depth.desc())
    return compile_statement(chain, dialect, [form.decode])
