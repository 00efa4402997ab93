"""Pass: keep the records of an object that is a tree in a tree – no ring, and not too deep.

One recursive statement for the batch reads the chains above the new parents and how far it goes down below
the moved records. On PostgreSQL whoever moves records of a tree waits for the others who do, as two moves can
close a ring together that neither closes alone; a new record closes none, and waits for nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine import codes
from engine.codec import id_form
from engine.save.organisation import in_ring
from engine.save.work import Kind
from engine.statement import Statement, among_ids, compile_statement, id_list
from engine.tree import DEEPEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import Field, ObjectType

_LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.' || %(tree)s))"

Chains = dict[str, "str | None"]


def keep_trees(work: Work) -> None:
    """Refuse rows, the last ones first, that would close a ring; then those that would hang too deep."""
    link = work.object.tree
    moved = _moved(work, link) if link else []
    if link is None or not moved:
        return
    up, heights = _read(work, link, moved)
    up |= {row.id: row.after.get(link.name) for row in moved}
    while closing := next((row for row in reversed(moved) if in_ring(up, row.id)), None):
        # It keeps the link it has, which may close a ring with another row.
        up[closing.id] = closing.before.get(link.name)
        moved.remove(closing)
        closing.refuse(codes.RING, "The record would stand below itself.", at=link.name)
    for row in moved:
        if _level(up, row.id) + heights.get(row.id, 0) > DEEPEST:
            row.refuse(
                codes.TOO_DEEP, "The tree would have more than {most} levels.", at=link.name, most=DEEPEST
            )


def _moved(work: Work, link: Field) -> list[Row]:
    rows = work.sound(Kind.CREATED, Kind.UPDATED)
    return [row for row in rows if row.after.get(link.name) and row.changed(link.name)]


def _level(up: Mapping[str, str | None], start: str) -> int:
    """Which level a record is on; a root is on the first."""
    level, here = 1, up.get(start)
    while here is not None and level <= DEEPEST:
        level, here = level + 1, up.get(here)
    return level


def _read(work: Work, link: Field, moved: list[Row]) -> tuple[Chains, dict[str, int]]:
    """The links above all parents, old and new, and how many levels hang below each moved record."""
    dialect = work.release.dialect
    changed = sorted(row.id for row in moved if row.kind is Kind.UPDATED)
    if changed and not dialect.sqlite:
        work.connection.row(_LOCK, {"tree": work.object.table})
    uppers = {row.before.get(link.name) for row in moved} | {row.after.get(link.name) for row in moved}
    params = {
        "uppers": id_list(sorted(filter(None, uppers)), dialect),
        "changed": id_list(changed, dialect),
    }
    statement = work.release.statements.get(
        ("tree", link.id), lambda: _build(work.release, work.object, link)
    )
    up: Chains = {}
    heights: dict[str, int] = {}
    for id_, higher, height in statement.rows(work.connection, params):
        if height is None:
            up[id_] = higher
        else:
            heights[id_] = height
    return up, heights


def _build(release: Release, target: ObjectType, link: Field) -> Statement:
    dialect = release.dialect
    table, form = release.tables[target.id].table, id_form(dialect)
    up, one = table.c[link.column], sa.literal_column("1", sa.INTEGER())
    deepest: sa.ColumnElement[int] = sa.literal_column(str(DEEPEST + 1))

    climb = sa.select(table.c.id, up.label("up"), one.label("depth")).where(
        among_ids(table.c.id, "uppers", dialect)
    )
    climbed = climb.cte("climb", recursive=True)
    higher = sa.select(table.c.id, up, climbed.c.depth + one).join_from(
        climbed, table, table.c.id == climbed.c.up
    )
    climbed = climbed.union(higher.where(climbed.c.depth < deepest))

    zero = sa.literal_column("0", sa.INTEGER())
    tree = sa.select(table.c.id.label("root"), table.c.id, zero.label("depth")).where(
        among_ids(table.c.id, "changed", dialect)
    )
    below = tree.cte("below", recursive=True)
    lower = sa.select(below.c.root, table.c.id, below.c.depth + one).join_from(below, table, up == below.c.id)
    below = below.union_all(lower.where(below.c.depth < deepest))

    chains = sa.select(climbed.c.id, climbed.c.up, sa.cast(sa.null(), sa.INTEGER()))
    heights = sa.select(below.c.root, sa.cast(sa.null(), form.type), sa.func.max(below.c.depth)).group_by(
        below.c.root
    )
    return compile_statement(sa.union_all(chains, heights), dialect, [form.decode, form.decode, None])
