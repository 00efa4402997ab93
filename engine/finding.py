"""The words of a search box as a condition on one object: each word must occur in some searchable field.

Only fields the reader may see are looked at. A field with a sort key is matched by it, so case and accents
do not matter and Chinese matches by character; others are compared without ASCII case. Words enter as
`find_0`, `find_1`…
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.fields.contract import TEXT_PART
from engine.lists import some
from engine.sort_key import sort_key
from formula.types import Kind
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from engine.joins import Joins
    from engine.lists import ListTable
    from engine.policy import Policy
    from metadata.catalog import ObjectType

MOST_WORDS = 8
"""Further words of a search are ignored; each costs a pass over the searchable fields."""


def words(find: str | None) -> tuple[str, ...]:
    """The words of a search text."""
    return tuple((find or "").split()[:MOST_WORDS])


def find_rules(
    joins: Joins, policy: Policy, target: ObjectType, find: str | None
) -> list[sa.ColumnElement[bool]]:
    """One condition for each word; without a field to look at nothing is found."""
    searched = [
        f for f in target.fields.values() if (f.searchable or f is target.title) and policy.readable(f)
    ]
    paths = [FieldPath(field=field) for field in searched]
    return [sa.or_(sa.false(), *(_holds(joins, path, n) for path in paths)) for n in range(len(words(find)))]


def find_params(find: str | None) -> dict[str, object]:
    """The LIKE patterns of the words, for fields with a sort key and for others."""
    params: dict[str, object] = {}
    for n, word in enumerate(words(find)):
        params[f"find_{n}"] = f"%{_escaped(sort_key(word))}%"
        params[f"find_raw_{n}"] = f"%{_escaped(word.lower())}%"
    return params


def _holds(joins: Joins, path: FieldPath, number: int) -> sa.ColumnElement[bool]:
    if path.field.many:
        kept, owner = joins.list_of(path)
        return some(kept, owner, lambda rows: _matches(kept, rows, number))
    sort = joins.stored(path, "sort")
    by_key = None if sort is None else sort.like(_bind(f"find_{number}"), escape="\\")
    if by_key is not None and joins.stored(path, "part", TEXT_PART) is None:
        return by_key
    plain = sa.func.lower(joins.column(path).element).like(_bind(f"find_raw_{number}"), escape="\\")
    return plain if by_key is None else sa.or_(by_key, plain)  # an address is longer than its sort key


def _matches(kept: ListTable, rows: sa.FromClause, number: int) -> sa.ColumnElement[bool]:
    if kept.sort is not None:
        return rows.c.sort.like(_bind(f"find_{number}"), escape="\\")
    if kept.element.type.kind not in (Kind.TEXT, Kind.PICKLIST):
        return sa.false()
    return sa.func.lower(rows.c.value).like(_bind(f"find_raw_{number}"), escape="\\")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _bind(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=sa.TEXT())
