"""The order of a list, and the condition that continues it after a row.

Each sort key orders by `x NULLS LAST`, so blanks come last on both databases whatever the direction; the id
settles ties. Text orders by its sort key column, a lookup by what people see of its target, a picklist by
the place of its options. A page that starts at an `Edge` compares with the values of the row at the edge,
bound as `key_0`, `key_1`…
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.joins import Joins
    from engine.query import Query


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


def sort_keys(joins: Joins, query: Query) -> tuple[Key, ...]:
    """The keys of a query's order, the id last."""
    keys = [Key(element=sort_element(joins, o.path), descending=o.descending) for o in query.order]
    identity = joins.column(FieldPath(field=query.object.fields["id"])).element
    return (*keys, Key(element=identity, descending=False, nullable=False))


def sort_element(joins: Joins, path: FieldPath) -> sa.ColumnElement[Any]:
    """What a path sorts by."""
    if path.part:
        return joins.column(path).element
    if path.field.target is not None and (title := joins.title(path)):
        return sort_element(joins, title)
    if (sort := joins.stored(path, "sort")) is not None:
        return sort
    element = joins.column(path).element
    if path.field.options:
        places: Iterator[tuple[Any, Any]] = (
            (element == option.code, sa.literal_column(str(n))) for n, option in enumerate(path.field.options)
        )
        return sa.case(*places, else_=sa.null())
    return element


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
