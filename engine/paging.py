"""One page of an ordered list as SQL, in the way that suits how much of the table its reader may see.

Of few records all are gathered by the indexes that the rule has, alone with what they are sorted by, and the
rest is looked up for the page. Of many, the rule is put so that no index can serve it: the database then
walks along the index of the order and tests row by row, until the page is full. Where nothing is known it
chooses for itself. All ways give the same page. Called by the planner; `estimate.py` says which way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.ordering import beyond, ordering, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.access import Decision
    from engine.database import Dialect
    from engine.joins import Joins
    from engine.ordering import Edge, Key

    Rows = sa.Select[Any]


class Way(StrEnum):
    """How a list finds its rows."""

    PLAIN = "plain"
    GATHER = "gather"
    WALK = "walk"


def row_rule(joins: Joins, decision: Decision, way: Way) -> sa.ColumnElement[bool]:
    """The condition that a Decision puts on the root's rows, spelled for a way to find them."""
    if way is not Way.WALK:
        return joins.row_rule(decision, gathering=way is Way.GATHER)
    # Neither database looks for an index, or for a join, below IS TRUE.
    return joins.row_rule(decision).is_(sa.true())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Among:
    """All rows that a page may be chosen of, and by what; the last of the keys is the id."""

    rows: Rows
    keys: Sequence[Key]


def paged(rows: Rows, keys: Sequence[Key], edge: Edge | None, dialect: Dialect) -> sa.SelectBase:
    """The rows beyond the edge in their order, as many as are asked for.

    SQLite answers the parts of a UNION ALL one after the other and stops at the limit. PostgreSQL may answer
    them side by side; there one condition serves.
    """
    ordered, limit = _ordered(rows, keys, edge), sa.bindparam("row_limit", type_=sa.INTEGER())
    if edge is None:
        return ordered.limit(limit)
    if not dialect.sqlite:
        return ordered.where(beyond(keys, edge)).limit(limit)
    parts = [ordered.where(part).limit(limit) for part in stretches(keys, edge)]
    if len(parts) == 1:
        return parts[0]
    return sa.union_all(*(sa.select(part.subquery()) for part in parts)).limit(limit)


def gathered(
    rows: Rows,
    keys: Sequence[Key],
    edge: Edge | None,
    among: Among,
    dialect: Dialect,
) -> sa.SelectBase:
    """The same page of `rows`, chosen out of `among` before anything else is looked up.

    SQLite sorts by what it has read anyway. PostgreSQL would rather walk than gather, as it cannot know how
    few there are; what is to be gathered is set apart from the order.
    """
    choice, by = among.rows, among.keys
    if edge is not None:
        choice = choice.where(beyond(by, edge))
    if not dialect.sqlite:
        named = [key.element.label(f"sorted_{place}") for place, key in enumerate(by)]
        apart = choice.with_only_columns(*named).cte("gathered").prefix_with("MATERIALIZED")
        by = [key.of(column) for key, column in zip(by, apart.c, strict=True)]
        choice = sa.select(*apart.c)
    limit = sa.bindparam("row_limit", type_=sa.INTEGER())
    found = _ordered(choice.with_only_columns(by[-1].element), by, edge).limit(limit)
    return _ordered(rows.where(keys[-1].element.in_(found)), keys, edge)


def _ordered(rows: Rows, keys: Sequence[Key], edge: Edge | None) -> Rows:
    return rows.order_by(*ordering(keys, backwards=edge is not None and edge.backwards))
