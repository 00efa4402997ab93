"""What a list asks of its rows beside their fields: the group each stands in, and the marks it bears.

Groups come first in the order of a list, so that a page which goes on after a row goes on within its group,
or with the next. A link is ordered by what people see of its target and a text as texts are; what looks alike
there and is not the same is told apart by a second key. Called by the planner and the aggregates.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.bucket import bucket_output
from engine.ordering import Key, sort_element
from engine.output import Output, outputs_of
from engine.query import GROUP, Bucket, mark_name
from engine.shape import shape_of
from engine.titles import title_of
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.joins import Joins
    from engine.query import Group, Query
    from engine.release import Release
    from engine.shape import Form

MARK = "mark_{}"
"""What the parameters of a mark are called; see `shape_of`."""

_ALIKE = frozenset({Kind.ID, Kind.TEXT})
"""Kinds of values that may differ where what they are ordered by does not."""


def mark_forms(release: Release, query: Query) -> tuple[Form, ...]:
    """The conditions of the marks without their constants."""
    shapes = (shape_of(release, mark, MARK.format(n)) for n, mark in enumerate(query.marks))
    return tuple(shape.form for shape in shapes if shape is not None)


def mark_params(release: Release, query: Query) -> dict[str, object]:
    """The constants of the marks, as parameters."""
    shapes = (shape_of(release, mark, MARK.format(n)) for n, mark in enumerate(query.marks))
    return {name: value for shape in shapes if shape is not None for name, value in shape.params.items()}


def outputs_beside(joins: Joins, query: Query, marks: tuple[Form, ...]) -> Iterator[Output]:
    """The columns that a list asks for beside its fields: the group with its title, then the marks."""
    if query.group is not None:
        yield from _group(joins, query.group)
    for place, form in enumerate(marks):
        element = sa.case((joins.condition(form.expr), sa.literal_column("1")), else_=sa.literal_column("0"))
        yield Output(name=mark_name(place), element=element, decode=bool)


def group_keys(joins: Joins, group: Group | None) -> Iterator[Key]:
    """The keys that keep the rows of a group together, before those of the list's own order."""
    if group is None:
        return
    yield Key(element=group_rank(joins, group), descending=group.descending)
    if not isinstance(group.by, Bucket) and group.path.type.kind in _ALIKE:
        yield Key(element=joins.column(group.path).element, descending=False)


def group_ranks(joins: Joins, group: Group | None) -> Iterator[sa.ColumnElement[Any]]:
    """The order of figures by group that is the list's own; nothing where the values say it."""
    if group is None or (group.path.type.kind is Kind.ID and title_of(joins, group.path) is None):
        return
    rank = group_rank(joins, group)
    least = sa.func.min(sa.cast(rank, sa.INTEGER()) if group.path.type.kind is Kind.BOOLEAN else rank)
    yield sa.nulls_last(least.desc() if group.descending else least)


def group_rank(joins: Joins, group: Group) -> sa.ColumnElement[Any]:
    """What groups are ordered by."""
    if isinstance(group.by, Bucket):
        return bucket_output(joins, group.by).element
    return sort_element(joins, group.path)


def _group(joins: Joins, group: Group) -> Iterator[Output]:
    if isinstance(group.by, Bucket):
        yield replace(bucket_output(joins, group.by), name=GROUP)
        return
    for one in outputs_of(joins, group.path):
        yield replace(one, name=GROUP + one.name.removeprefix(group.path.name), json=None, failing=None)
