"""What people see of records that no join leads to: behind a link to one of several objects, or in a list.

For the link a CASE over the objects, with a look-up for each: the database runs the one that a row needs.
Joining all of them would cost every row as many look-ups as there are objects, and a statement joins only so
many tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from formula.types import Kind
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.joins import Joins
    from engine.policy import Policy
    from metadata.catalog import ObjectType


def title_of(joins: Joins, path: FieldPath) -> FieldPath | None:
    """The path to what people see of the record that a lookup leads to, if the reader may see it."""
    target = path.field.target
    title = target.title if target and not path.part else None
    if title is None or not joins.policy.readable(title):
        return None
    return FieldPath(links=(*path.links, path.field), field=title)


def title_of_any(
    joins: Joins, path: FieldPath, wanted: Callable[[Joins, FieldPath], Any]
) -> sa.ColumnElement[Any] | None:
    """What `wanted` makes of the title that a path ends at; None where the reader sees no titles there.

    Objects whose titles are no text have none here: a column has one type.
    """
    if path.part or not path.field.others:
        return None
    parts = [FieldPath(links=path.links, field=path.field, part=part) for part in ("object", "id")]
    code, identity = (joins.column(part).element for part in parts)
    ways = [
        (code == sa.literal(target.table, code.type), joins.elsewhere(target, identity, title))
        for target in path.field.others
        if (title := _titled(joins.policy, target, wanted))
    ]
    return sa.case(*ways, else_=sa.null()) if ways else None


def titles_of_list(joins: Joins, path: FieldPath) -> Callable[[sa.FromClause], sa.ColumnElement[Any]] | None:
    """What people see of each record in the rows of a list; None where the reader sees no titles there.

    A title that is no text would need its own reading, value by value, and so there is none.
    """
    members = path.field.members
    title = (
        _titled(joins.policy, members, lambda each, named: each.column(named).element) if members else None
    )
    if members is None or title is None:
        return None
    return lambda rows: joins.elsewhere(members, rows.c.value, title)


def _titled(
    policy: Policy, target: ObjectType, wanted: Callable[[Joins, FieldPath], Any]
) -> Callable[[Joins], Any] | None:
    title = target.title
    if target.retired or title is None or title.others or title.sort.type.kind is not Kind.TEXT:
        return None
    if not policy.reads(target) or not policy.readable(title):
        return None
    path = FieldPath(field=title)
    return lambda joins: wanted(joins, path)
