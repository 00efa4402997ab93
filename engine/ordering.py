"""The order of a list, and the condition that continues it after a row.

Each sort key orders by `x NULLS LAST`, so blanks come last on both databases whatever the direction; the id
settles ties. Text orders by its sort key column, a lookup by what people see of its target, a picklist by
the place of its options, a list by its first value. A page that starts at an `Edge` compares with the values
of the row at the edge, bound as `key_0`, `key_1`…
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.lists import first
from engine.titles import title_of, title_of_any, titles_of_list
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.joins import Joins
    from engine.lists import ListTable
    from engine.query import Query
    from metadata.catalog import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where a page starts: beyond a row whose sort values are null at these places, forwards or backwards."""

    nulls: tuple[bool, ...]
    backwards: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Key:
    """One column to sort by; the id, which settles ties, is never null."""

    element: sa.ColumnElement[Any]
    descending: bool
    nullable: bool = True

    def of(self, element: sa.ColumnElement[Any]) -> Key:
        """The same key, where another column holds its values."""
        return replace(self, element=element)


def sort_keys(joins: Joins, query: Query) -> tuple[Key, ...]:
    """The keys of a query's order, the id last."""
    keys = [Key(element=sort_element(joins, o.path), descending=o.descending) for o in query.order]
    identity = joins.column(FieldPath(field=query.object.fields["id"])).element
    return (*keys, Key(element=identity, descending=False, nullable=False))


def sort_element(joins: Joins, path: FieldPath) -> sa.ColumnElement[Any]:
    """What a path sorts by."""
    if path.part:
        return joins.column(path).element
    if path.field.many:
        kept, owner = joins.list_of(path)
        return first(kept, owner, lambda rows: _of_first(joins, kept, rows))
    if path.field.target is not None and (title := title_of(joins, path)):
        return sort_element(joins, title)
    if (title_of_one := title_of_any(joins, path, sort_element)) is not None:
        return title_of_one
    if (sort := joins.stored(path, "sort")) is not None:
        return sort
    element = joins.column(path).element
    return _placed(element, path.field) if path.field.options else element


def _of_first(joins: Joins, kept: ListTable, rows: sa.FromClause) -> sa.ColumnElement[Any]:
    """What a list sorts by: its first value, as if that stood alone."""
    members = kept.field.members
    if members is not None and titles_of_list(joins, FieldPath(field=kept.field)) is not None:
        title = FieldPath(field=cast("Field", members.title))
        return joins.elsewhere(members, rows.c.value, lambda other: sort_element(other, title))
    if kept.sort is not None:
        return cast("sa.ColumnElement[Any]", rows.c.sort)
    return _placed(rows.c.value, kept.field) if kept.field.options else rows.c.value


def _placed(element: sa.ColumnElement[Any], field: Field) -> sa.ColumnElement[Any]:
    """The place of an option among those of its field."""
    places: Iterator[tuple[Any, Any]] = (
        (element == option.code, sa.literal_column(str(n))) for n, option in enumerate(field.options)
    )
    return sa.case(*places, else_=sa.null())


def ordering(keys: Sequence[Key], *, backwards: bool) -> Iterator[sa.ColumnElement[Any]]:
    """The ORDER BY of a page that is read forwards or backwards."""
    for key in keys:
        placed = key.element.desc() if key.descending is not backwards else key.element.asc()
        if key.nullable:
            placed = placed.nulls_first() if backwards else placed.nulls_last()
        yield placed


def beyond(keys: Sequence[Key], edge: Edge) -> sa.ColumnElement[bool]:
    """Rows strictly beyond the edge: for some key they differ, and agree in all keys before it."""
    ways: list[sa.ColumnElement[bool]] = []
    agreed: list[sa.ColumnElement[bool]] = []
    for place, (key, null) in enumerate(zip(keys, edge.nulls, strict=True)):
        value = sa.bindparam(f"key_{place}", type_=key.element.type)
        if (further := _further(key, value, null=null, backwards=edge.backwards)) is not None:
            ways.append(sa.and_(*agreed, further))
        agreed.append(key.element.is_(None) if null else key.element == value)
    return sa.or_(*ways)


def stretches(keys: Sequence[Key], edge: Edge) -> tuple[sa.ColumnElement[bool], ...]:
    """The rows beyond the edge, cut where the first key turns blank, so that an index leads to each part.

    No index finds `x <= :k OR x IS NULL`; a page deep down would walk through all rows before it.
    """
    first, rows = keys[0], beyond(keys, edge)
    if edge.nulls[0]:
        return (rows,)
    value = sa.bindparam("key_0", type_=first.element.type)
    down = first.descending is not edge.backwards
    filled = sa.and_(first.element <= value if down else first.element >= value, rows)
    return (filled, first.element.is_(None)) if first.nullable and not edge.backwards else (filled,)


def _further(
    key: Key, value: sa.BindParameter[Any], *, null: bool, backwards: bool
) -> sa.ColumnElement[bool] | None:
    """Beyond in this key alone. Nothing comes after a blank; everything filled comes before it."""
    if null:
        return key.element.is_not(None) if backwards else None
    further = key.element < value if key.descending is not backwards else key.element > value
    return sa.or_(further, key.element.is_(None)) if key.nullable and not backwards else further
