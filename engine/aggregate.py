"""Figures over the records an actor may read: grouped counts, sums, averages, smallest and largest values.

One statement under the same row rule and with the same refusal of hidden fields as a list. Averages are
divided here, in decimal, so that both databases give the same number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, assert_never

import sqlalchemy as sa
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from engine import codes
from engine.access import Action, Decision
from engine.bucket import bucket_output
from engine.database import DatabaseError
from engine.grouping import group_ranks
from engine.having import COUNTED, narrowed
from engine.joins import Joins
from engine.lists import first
from engine.money import in_one_currency
from engine.output import Output, decoder, output, selected
from engine.paging import Way
from engine.planner import granted, named_paths, require_seen, row_rules
from engine.problem import Problem
from engine.query import Bucket, Function, Measure
from engine.shape import shape_of
from engine.statement import Statement, compile_statement
from formula.sql import SqlColumn, average_sql, sum_sql
from formula.types import Kind, Type
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.database import Connection, Dialect, Row
    from engine.policy import Policy
    from engine.query import Aggregate
    from engine.reading import Reader
    from engine.release import Release

MOST_GROUPS = 10_000
OVERFLOW = "integer overflow"
"""What SQLite says when a SUM leaves 64 bits."""

_DIVISION = Context(prec=60, rounding=ROUND_HALF_UP)
_PLACES = Decimal(1).scaleb(-32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AggregatePlan:
    """What runs for an Aggregate.

    An average takes two columns; `averages` says at which places they begin.
    """

    decision: Decision
    statement: Statement
    averages: frozenset[int]


def aggregate_plan(
    release: Release, policy: Policy, asked: Aggregate, way: Way = Way.PLAIN, *, exact: bool = False
) -> AggregatePlan:
    """The plan of an Aggregate; raises `Problem` for what the reader may not see or cannot be asked.

    `exact` adds up in Python where SQLite's own 64-bit SUM would overflow; a hundred times slower.
    """
    where = shape_of(release, asked.where)
    shape = (
        *("aggregate", asked.object.id, policy.key, exact, way),
        *(asked.having, asked.order, asked.limit, asked.ranked),
        *(asked.group, asked.measures, where and where.form, asked.finding and asked.finding.shape),
    )
    return release.statements.get(shape, lambda: _build(release, policy, asked, way, exact=exact))


def aggregate(connection: Connection, reader: Reader, asked: Aggregate) -> tuple[tuple[Any, ...], ...]:
    """One tuple a group: the group's values, then the measures; amounts in one currency (`money.py`)."""
    if not asked.group and not asked.measures:
        raise Problem(codes.BAD_QUERY, "Figures need a group or a measure.", hint="Ask for count.")
    if asked.limit is not None and not 1 <= asked.limit <= MOST_GROUPS:
        raise Problem(codes.BAD_QUERY, f"An answer has 1 to {MOST_GROUPS:,} groups, not {asked.limit}.")
    asked = in_one_currency(asked)
    way, params = reader.way(connection, asked), reader.params(asked)
    plan = aggregate_plan(reader.release, reader.policy, asked, way)
    try:
        rows = plan.statement.rows(connection, params)
    except DatabaseError as error:
        if OVERFLOW not in str(error):
            raise
        plan = aggregate_plan(reader.release, reader.policy, asked, way, exact=True)
        rows = plan.statement.rows(connection, params)
    return tuple(rows) if not plan.averages else tuple(_divided(row, plan.averages) for row in rows)


def paths_of(asked: Aggregate) -> Iterator[FieldPath]:
    """Every path an Aggregate names."""
    for group in asked.group:
        yield group.path if isinstance(group, Bucket) else group
    yield from (measure.path for measure in asked.measures if measure.path)
    yield from named_paths(asked.where)
    if asked.ranked is not None:
        yield asked.ranked.path


def _build(release: Release, policy: Policy, asked: Aggregate, way: Way, *, exact: bool) -> AggregatePlan:
    decision = granted(policy, asked.object, Action.READ)
    require_seen(policy, paths_of(asked))
    joins = Joins(release, policy, asked.object)
    groups = [_walked(group_output(joins, group), joins.dialect, way) for group in asked.group]
    figures: list[Output] = []
    averages: set[int] = set()
    for measure in asked.measures:
        if measure.function is Function.AVG:
            averages.add(len(groups) + len(figures))
        figures.extend(_figures(joins, measure, exact=exact))
    outputs = [*groups, *figures]
    rules = row_rules(release, policy, joins, decision, asked, way)
    ranks = list(group_ranks(joins, asked.ranked))
    seen = _seen(joins, asked, len(groups), exact=exact) if asked.having or asked.order else []
    hidden = [figure.element for figure in seen if not isinstance(figure.element, sa.ColumnClause)]
    columns = [*(column.element for column in outputs), *hidden]
    rows = selected(columns, joins).where(*rules)
    places: list[sa.ColumnElement[Any]] = [sa.literal_column(str(n + 1)) for n in range(len(groups))]
    if places:
        rows = rows.group_by(*places)
    if seen:
        rows = narrowed(rows, asked, release.dialect, _placed(seen, len(outputs)), len(outputs))
    else:
        rows = rows.order_by(*ranks, *(sa.nulls_last(place) for place in places))
    return AggregatePlan(
        decision=decision,
        statement=compile_statement(
            rows.limit(asked.limit or MOST_GROUPS), release.dialect, [o.decode for o in outputs]
        ),
        averages=frozenset(averages),
    )


def _walked(group: Output, dialect: Dialect, way: Way) -> Output:
    """A group of rows that are met in the table's own order.

    SQLite would rather follow an index of the group, and fetch each row from another place.
    """
    if way is not Way.WALK or not dialect.sqlite:
        return group
    plain = UnaryExpression(group.element, operator=custom_op("+"), type_=group.element.type)
    return replace(group, element=plain)


def _seen(joins: Joins, asked: Aggregate, start: int, *, exact: bool) -> list[SqlColumn]:
    """The measures as formulas see them: a column of the answer, but an average, which takes two of them, has
    one of its own.
    """
    found: list[SqlColumn] = []
    for measure in asked.measures:
        column: sa.ColumnClause[Any] = sa.column(f"c{start}")
        start += 2 if measure.function is Function.AVG else 1
        match measure:
            case Measure(function=Function.COUNT | Function.DISTINCT) | Measure(path=None):
                found.append(SqlColumn(element=column, type=COUNTED))
            case Measure(function=Function.AVG, path=FieldPath() as path):
                found.append(average_sql(joins.column(path), joins.dialect.backend))
            case Measure(function=Function.SUM, path=FieldPath() as path):
                scale = None if exact else joins.column(path).type.scale
                found.append(SqlColumn(element=column, type=Type(kind=Kind.NUMBER, scale=scale)))
            case Measure(path=FieldPath() as path):
                found.append(SqlColumn(element=column, type=joins.column(path).type))
    return found


def _placed(seen: list[SqlColumn], shown: int) -> list[SqlColumn]:
    """Those with a column of their own by the names these have behind the answer's."""
    behind = count(shown)
    return [
        each
        if isinstance(each.element, sa.ColumnClause)
        else SqlColumn(element=sa.column(f"c{next(behind)}"), type=each.type)
        for each in seen
    ]


def group_output(joins: Joins, group: FieldPath | Bucket) -> Output:
    """The values that records are grouped by; a record counts once in each value of a list."""
    if isinstance(group, Bucket):
        return bucket_output(joins, group)
    return _spread(joins, group) if group.field.many else output(joins, group)


def _spread(joins: Joins, path: FieldPath) -> Output:
    """The values of a list: a record counts once in each of its values."""
    kept, owner = joins.list_of(path)
    rows = kept.table.alias()
    joins.source = joins.source.outerjoin(rows, rows.c.record == owner)
    return Output(name=path.name, element=rows.c.value, decode=kept.value.decode, json=kept.element.shown)


_UNORDERED = frozenset({Kind.ID, Kind.BOOLEAN})


def _figures(joins: Joins, measure: Measure, *, exact: bool) -> Iterator[Output]:
    name = str(measure.function)
    if measure.path is None:
        if measure.function is not Function.COUNT:
            raise Problem(codes.BAD_QUERY, f"{name} needs a field.", hint="Name the field to compute over.")
        yield Output(name=name, element=sa.func.count(), decode=None)
        return
    if measure.path.field.many:
        yield _filled(joins, measure, measure.path)
        return
    found = output(joins, measure.path)
    numeric = measure.path.type.kind is Kind.NUMBER
    match measure.function:
        case Function.COUNT:
            yield Output(name=name, element=sa.func.count(found.element), decode=None)
        case Function.DISTINCT:
            yield Output(name=name, element=sa.func.count(sa.distinct(found.element)), decode=None)
        case Function.MIN | Function.MAX if measure.path.type.kind in _UNORDERED:
            message = f"{measure.path.name} has no least or greatest value."
            raise Problem(codes.BAD_QUERY, message, hint="Choose a number, a date or a text.")
        case Function.MIN | Function.MAX:
            least = sa.func.min if measure.function is Function.MIN else sa.func.max
            yield Output(name=name, element=least(found.element), decode=found.decode)
        case Function.SUM | Function.AVG if not numeric:
            raise Problem(
                codes.BAD_QUERY, f"{measure.path.name} is no number.", hint="Choose a number field."
            )
        case Function.SUM:
            yield _sum(joins, found, measure.path, exact=exact)
        case Function.AVG:
            yield _sum(joins, found, measure.path, exact=exact)
            yield Output(name=name, element=sa.func.count(found.element), decode=None)
        case _:
            assert_never(measure.function)


def _filled(joins: Joins, measure: Measure, path: FieldPath) -> Output:
    """How many records have a list that is not blank, the only figure over lists."""
    if measure.function is not Function.COUNT:
        message = f"{path.name} holds lists, which can only be counted."
        raise Problem(codes.BAD_QUERY, message, hint="Group by the field instead.")
    kept, owner = joins.list_of(path)
    one = first(kept, owner, lambda _: sa.literal_column("1"))
    return Output(name=str(measure.function), element=sa.func.count(one), decode=None)


def _sum(joins: Joins, found: Output, path: FieldPath, *, exact: bool) -> Output:
    """The database's own SUM where it is exact; SQLite's is so for scaled integers until it overflows."""
    column = joins.column(path)
    if not joins.dialect.sqlite or (column.type.scale is not None and not exact):
        return Output(name=found.name, element=sa.func.sum(found.element), decode=found.decode)
    total = sum_sql(column, joins.dialect.backend)
    return Output(name=found.name, element=total.element, decode=decoder(total.type, joins.dialect))


def _divided(row: Row, averages: frozenset[int]) -> tuple[Any, ...]:
    values: list[Any] = []
    place = 0
    while place < len(row):
        if place in averages:
            values.append(_average(row[place], row[place + 1]))
            place += 2
        else:
            values.append(row[place])
            place += 1
    return tuple(values)


def _average(total: Decimal | None, count: int) -> Decimal | None:
    """Half up to 32 decimal places, as the formula language divides."""
    if total is None or not count:
        return None
    return _DIVISION.quantize(_DIVISION.divide(total, Decimal(count)), _PLACES).normalize(_DIVISION)
