"""Pass:

who stands below whom, and which department below which, kept as closure tables for fast access checks.

After users or departments were saved, the pairs of what hangs below the moved ones are made anew from the
links. A ring – a manager below herself – refuses the save.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.codec import id_form
from engine.problem import Detail, Problem
from engine.save.work import Kind
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.system import DEPARTMENT, USER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.database import Connection
    from engine.release import Release
    from engine.save.work import Work
    from metadata.catalog import ObjectType

UPWARD = {USER: "manager", DEPARTMENT: "parent"}
"""The link that leads one step up, by object."""

DEEPEST = 64
"""Levels of an organisation; a chain that is longer is a ring."""


_LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.s_closure'))"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClosurePlan:
    """Looks for a ring above the moved records; clears and fills the pairs of all below them."""

    ring: Statement
    clear: Statement
    fill: Statement


def keep_organisation(work: Work) -> None:
    """Bring the closure of users or departments up to date after the batch was written."""
    link = UPWARD.get(work.object.name)
    if link is None or link not in work.object.fields:
        return
    moved = [
        row.id
        for row in work.sound(Kind.CREATED, Kind.UPDATED)
        if row.kind is Kind.CREATED or row.changed(link)
    ]
    if moved and rebuild(work.connection, work.release, work.object, moved):
        detail = Detail(field=link, code=codes.RING.id, message=codes.RING.title, hint=codes.RING.mend)
        raise Problem(codes.INVALID, "Some values are refused.", details=[detail], hint=codes.INVALID.mend)


def rebuild(connection: Connection, release: Release, target: ObjectType, moved: Sequence[str]) -> bool:
    """Make the pairs of the moved records, and of all below them, anew; returns whether there is a ring."""
    plan = release.statements.get(("closure", target.id), lambda: _plan(release, target))
    params = {"ids": id_list(sorted(moved), release.dialect)}
    if not release.dialect.sqlite:
        connection.row(_LOCK)
    if plan.ring.row(connection, params) is not None:
        return True
    plan.clear.run(connection, params)
    plan.fill.run(connection, params)
    return False


def _plan(release: Release, target: ObjectType) -> ClosurePlan:
    """`tree`: the moved and all below them; `climb`: from each of those to every one above."""
    dialect = release.dialect
    table = release.tables[target.id].table
    up = table.c[target.fields[UPWARD[target.name]].column]
    form = id_form(dialect).type
    pairs = sa.table(f"s_{target.name}_closure", *(sa.column(n, t) for n, t in _columns(form)))
    moved = among_ids(table.c.id, "ids", dialect)
    depth = sa.literal_column("0", sa.INTEGER()).label("depth")

    tree = sa.select(table.c.id, depth).where(moved).cte("tree", recursive=True)
    lower = sa.select(table.c.id, tree.c.depth + sa.literal_column("1")).join_from(
        table, tree, up == tree.c.id
    )
    tree = tree.union(lower.where(tree.c.depth < sa.literal_column(str(DEEPEST))))

    ids = sa.select(tree.c.id).distinct().subquery()
    climb = sa.select(ids.c.id.label("above"), ids.c.id.label("below"), depth).cte("climb", recursive=True)
    higher = sa.select(up, climb.c.below, climb.c.depth + sa.literal_column("1"))
    climb = climb.union_all(
        higher.join_from(climb, table, table.c.id == climb.c.above).where(up.is_not(None))
    )

    start = (
        sa.select(table.c.id.label("start"), up.label("above"), depth)
        .where(moved)
        .cte("start", recursive=True)
    )
    further = sa.select(start.c.start, up, start.c.depth + sa.literal_column("1"))
    further = further.join_from(start, table, table.c.id == start.c.above)
    start = start.union(further.where(start.c.depth < sa.literal_column(str(DEEPEST))))
    endless = sa.or_(start.c.above == start.c.start, start.c.depth >= sa.literal_column(str(DEEPEST)))
    return ClosurePlan(
        ring=compile_statement(
            sa.select(sa.literal_column("1")).select_from(start).where(endless).limit(1), dialect
        ),
        clear=compile_statement(sa.delete(pairs).where(pairs.c.below.in_(sa.select(tree.c.id))), dialect),
        fill=compile_statement(
            sa.insert(pairs).from_select(["above", "below", "depth"], sa.select(climb)), dialect
        ),
    )


def _columns(form: Any) -> tuple[tuple[str, Any], ...]:
    return ("above", form), ("below", form), ("depth", sa.INTEGER())
