"""Pass: keep the organisation – who and which department stands below which – as closure tables for access.

A row that closes a ring – a manager below herself – is refused before anything is written. After users or
departments were saved, the pairs of what hangs below the moved ones are made anew from the links; those of
everybody else are left alone. Records in the recycle bin keep their pairs, as they keep their links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.codec import id_form
from engine.save.work import Kind
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.system import DEPARTMENT, USER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import ObjectType

UPWARD = {USER: "manager", DEPARTMENT: "parent"}
"""The link that leads one step up, by object."""

DEEPEST = 64
"""Levels of an organisation; a chain that is longer is a ring."""


_LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.s_closure'))"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClosurePlan:
    """Reads the links above the records `ids`; clears and fills the pairs of all below the moved ones."""

    above: Statement
    clear: Statement
    fill: Statement


def refuse_rings(work: Work) -> None:
    """Refuse rows, the last ones first, until what the batch would leave behind has no ring."""
    link = _upward(work.object)
    moved = _moved(work, link) if link else []
    if not link or not moved:
        return
    _lock(work)
    plan, dialect = _closure(work.release, work.object), work.release.dialect
    uppers = {upper for row in moved for upper in (row.after.get(link), row.before.get(link)) if upper}
    known = plan.above.rows(work.connection, {"ids": id_list(sorted(uppers), dialect)}) if uppers else []
    up: dict[str, str | None] = {**dict(known), **{row.id: row.after.get(link) for row in moved}}
    while closing := next((row for row in reversed(moved) if in_ring(up, row.id)), None):
        # It keeps the link it has, which may close a ring with another row.
        up[closing.id] = closing.before.get(link)
        moved.remove(closing)
        closing.refuse(codes.RING, "A ring of links.", at=link)


def keep_organisation(work: Work) -> None:
    """Bring the closure of users or departments up to date after the batch was written."""
    keep_closure(work, work.object, work.sound(Kind.CREATED, Kind.UPDATED))


def keep_closure(work: Work, target: ObjectType, rows: Iterable[Row]) -> None:
    """The same for written rows of any object: deleting somebody takes her away from above others."""
    link = _upward(target)
    if not link or not (moved := [row.id for row in rows if row.kind is Kind.CREATED or row.changed(link)]):
        return
    _lock(work)
    plan = _closure(work.release, target)
    params = {"ids": id_list(sorted(moved), work.release.dialect)}
    plan.clear.run(work.connection, params)
    plan.fill.run(work.connection, params)


def _lock(work: Work) -> None:
    """One after the other: two that move at once could close a ring, or miss each other's pairs."""
    if not work.release.dialect.sqlite:
        work.connection.row(_LOCK)


def _upward(target: ObjectType) -> str | None:
    link = UPWARD.get(target.name)
    return link if link in target.fields else None


def _moved(work: Work, link: str) -> list[Row]:
    rows = work.sound(Kind.CREATED, Kind.UPDATED)
    return [row for row in rows if row.kind is Kind.CREATED or row.changed(link)]


def in_ring(up: Mapping[str, str | None], start: str) -> bool:
    """Whether the way up from here comes back, or is longer than the deepest organisation."""
    here, passed = up.get(start), set[str]()
    while here is not None and here not in passed:
        if here == start or len(passed) >= DEEPEST:
            return True
        passed.add(here)
        here = up.get(here)
    return False


def _closure(release: Release, target: ObjectType) -> ClosurePlan:
    return release.statements.get(("closure", target.id), lambda: _plan(release, target))


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

    higher_ids = sa.select(pairs.c.above).where(among_ids(pairs.c.below, "ids", dialect))
    decode = id_form(dialect).decode
    return ClosurePlan(
        above=compile_statement(
            sa.select(table.c.id, up).where(table.c.id.in_(higher_ids)), dialect, [decode, decode]
        ),
        clear=compile_statement(sa.delete(pairs).where(pairs.c.below.in_(sa.select(tree.c.id))), dialect),
        fill=compile_statement(
            sa.insert(pairs).from_select(["above", "below", "depth"], sa.select(climb)), dialect
        ),
    )


def _columns(form: Any) -> tuple[tuple[str, Any], ...]:
    return ("above", form), ("below", form), ("depth", sa.INTEGER())
