"""The different values of paths among the records an actor may read, page by page.

In the order in which lists show the values; a list counts by each of its values. One statement under the same
row rule, and with the same refusal of hidden fields, as a list. Called by the API and the command line.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.access import Action
from engine.aggregate import group_output
from engine.joins import Joins
from engine.ordering import Edge, Key, beyond, ordering, sort_element
from engine.output import selected
from engine.planner import granted, named_paths, require_seen, row_rules, spell
from engine.problem import Problem
from engine.query import Aggregate, Values
from engine.shape import shape_of
from engine.statement import Statement, compile_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.bench import Bench
    from engine.output import Output
    from engine.policy import Policy
    from engine.query import Distinct
    from engine.release import Release
    from metadata.catalog import FieldPath

LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DistinctPlan:
    """A row of the statement is the values, then the `keys` by which they are sorted."""

    statement: Statement
    keys: int


def distinct(bench: Bench, asked: Distinct) -> Values:
    """A page of values, blank among them; raises `Problem` for what the actor may not see or ask."""
    granted(bench.policy, asked.object, Action.READ)
    _check(asked)
    reader, release = bench.reader(), bench.release
    over = _over(asked)
    cursor, told = asked.after or asked.before, _told(release, asked)
    actor = bench.actor.id or ""
    with bench.reading() as connection:
        seal = reader.seal(connection)
        edge: Edge | None = None
        values: tuple[object, ...] = ()
        if cursor is not None:
            values = seal.open(actor, told, cursor)
            edge = Edge(nulls=tuple(value is None for value in values), backwards=asked.before is not None)
        plan = _plan(release, bench.policy, asked, edge)
        given = {f"key_{n}": value for n, value in enumerate(values)}
        rows = plan.statement.rows(connection, {**reader.params(over), **given, "row_limit": asked.limit + 1})
    more = len(rows) > asked.limit
    del rows[asked.limit :]
    if asked.before:
        rows.reverse()
    after, before = (seal.cursor(actor, told, row[-plan.keys :]) if row else None for row in _ends(rows))
    return Values(
        rows=tuple(row[: -plan.keys] for row in rows),
        next=after if more or asked.before else None,
        previous=before if (more if asked.before else asked.after) else None,
    )


def _check(asked: Distinct) -> None:
    if not asked.fields:
        raise Problem(codes.BAD_QUERY, "Different values of what?", hint="Name a field.")
    if not 1 <= asked.limit <= LONGEST:
        raise Problem(codes.BAD_QUERY, f"A page has 1 to {LONGEST} values, not {asked.limit}.")
    if asked.after and asked.before:
        raise Problem(codes.BAD_QUERY, "A page starts after one cursor or ends before one, not both.")


def _ends(rows: list[Any]) -> tuple[Any, Any]:
    return (rows[-1], rows[0]) if rows else (None, None)


def _over(asked: Distinct) -> Aggregate:
    """The same as groups without figures."""
    return Aggregate(object=asked.object, group=asked.fields, where=asked.where)


def _plan(release: Release, policy: Policy, asked: Distinct, edge: Edge | None) -> DistinctPlan:
    where = shape_of(release, asked.where)
    shape = ("distinct", asked.object.id, policy.key, asked.fields, where and where.form, edge)
    return release.statements.get(shape, lambda: _build(release, policy, asked, edge))


def _build(release: Release, policy: Policy, asked: Distinct, edge: Edge | None) -> DistinctPlan:
    decision = granted(policy, asked.object, Action.READ)
    require_seen(policy, (*asked.fields, *named_paths(asked.where)))
    joins = Joins(release, policy, asked.object)
    outputs = [group_output(joins, path) for path in asked.fields]
    keys = [
        key for path, output in zip(asked.fields, outputs, strict=True) for key in _keys(joins, path, output)
    ]
    rules = row_rules(release, policy, joins, decision, _over(asked))
    columns = [*(output.element for output in outputs), *(key.element for key in keys)]
    rows = selected(columns, joins).where(*rules)
    rows = rows.group_by(*(sa.literal_column(str(n + 1)) for n in range(len(columns))))
    found = rows.subquery("v")
    placed = [Key(element=found.c[f"c{n}"], descending=False) for n, _ in enumerate(keys, len(outputs))]
    page = sa.select(*found.c).order_by(*ordering(placed, backwards=edge is not None and edge.backwards))
    if edge is not None:
        page = page.where(beyond(placed, edge))
    limit = sa.bindparam("row_limit", type_=sa.INTEGER())
    decoders = [output.decode for output in outputs]
    statement = compile_statement(page.limit(limit), release.dialect, decoders)
    return DistinctPlan(statement=statement, keys=len(keys))


def _keys(joins: Joins, path: FieldPath, output: Output) -> Iterator[Key]:
    """What people sort the value by, and the value itself: two may be sorted alike."""
    if not path.field.many and (sort := sort_element(joins, path)) is not output.element:
        yield Key(element=sort, descending=False)
    yield Key(element=output.element, descending=False)


def _told(release: Release, asked: Distinct) -> str:
    """What a cursor belongs to: the paths, and the condition with its constants."""
    shape = shape_of(release, asked.where)
    where = ("", "") if shape is None else (spell(shape.form.expr), shape.told)
    parts = ("distinct", asked.object.id, *(path.name for path in asked.fields), *where)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
