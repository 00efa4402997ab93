"""Runs read plans: rows of the driver become pages of Records, with the cursors that lead on from them.

Holds no rule of its own: what may be seen was decided when the plan was made. Used by `Session`, and by the
save to answer with the records as they now are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from engine import codes
from engine.estimate import estimate
from engine.fault import explained
from engine.finding import Form, resolve
from engine.grouping import mark_params
from engine.ordering import Edge
from engine.paging import Way
from engine.planner import COUNT_BUDGET, count_plan, read_plan, records_plan
from engine.problem import Problem
from engine.query import Count, Page, Query
from engine.record import Record
from engine.shape import filled, shape_of
from engine.statement import id_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from engine.actor import Actor
    from engine.database import Connection, Row
    from engine.keyset import Seal
    from engine.planner import ReadPlan
    from engine.policy import Policy
    from engine.query import Aggregate
    from engine.release import Release
    from metadata.catalog import FieldPath, ObjectType

LONGEST_PAGE = 1000

Asked = TypeVar("Asked", "Query", "Aggregate")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Reader:
    """Reads for one actor at one instant; `given` are the parameters that follow from these two.

    `seal` signs the cursors of pages.
    """

    release: Release
    policy: Policy
    actor: Actor
    now: datetime
    seal: Callable[[Connection], Seal]
    given: Mapping[str, object]

    def page(self, connection: Connection, query: Query) -> Page:
        """Answer a Query: one statement, and one more for a count of more records than the page has."""
        if not 1 <= query.limit <= LONGEST_PAGE:
            raise Problem(codes.BAD_QUERY, f"A page has 1 to {LONGEST_PAGE} records, not {query.limit}.")
        if query.after and query.before:
            raise Problem(codes.BAD_QUERY, "A page starts after one cursor or ends before one, not both.")
        query = self.sought(connection, query)
        way = self.way(connection, query)
        edge, values = self._edge(connection, query, way)
        plan = read_plan(self.release, self.policy, query, edge, way)
        params = self.params(query) | {f"key_{n}": value for n, value in enumerate(values)}
        rows = plan.statement.rows(connection, params | {"row_limit": query.limit + 1})
        more = len(rows) > query.limit
        del rows[query.limit :]
        if edge is not None and edge.backwards:
            rows.reverse()
        return Page(
            records=self._records(connection, plan, query.object, rows),
            next=self._cursor(connection, plan, query, rows[-1:], wanted=more or query.before is not None),
            previous=self._cursor(
                connection, plan, query, rows[:1], wanted=more if query.before else query.after is not None
            ),
            count=self._count(connection, query, way, len(rows), more=more) if query.count else None,
        )

    def by_ids(
        self,
        connection: Connection,
        target: ObjectType,
        fields: tuple[FieldPath, ...] | None,
        ids: Sequence[str],
    ) -> dict[str, Record]:
        """The records with these ids that the actor may read, by id; one statement."""
        plan = records_plan(self.release, self.policy, target, fields)
        params = {**self.given, "ids": id_list(ids, self.release.dialect)}
        rows = plan.statement.rows(connection, params)
        return {record.id: record for record in self._records(connection, plan, target, rows)}

    def sought(self, connection: Connection, asked: Asked) -> Asked:
        """The question with what the index tells of the words to find; one that has none is as it was."""
        if asked.find is None or asked.finding is not None:
            return asked
        finding = resolve(connection, self.release, self.policy, asked.object, asked.find)
        return replace(asked, finding=finding)

    def params(self, query: Query | Aggregate) -> dict[str, object]:
        """All parameters of a question but its place in the list."""
        found = dict(query.finding.given) if query.finding else {}
        marks = mark_params(self.release, query) if isinstance(query, Query) else {}
        return {**self.given, **filled(self.release, query.where), **marks, **found}

    def way(self, connection: Connection, query: Query | Aggregate) -> Way:
        """How the rows of a list, or of figures, are best found.

        Hits that were looked up are put to the rule one by one; the recycle bin is small beside its table.
        """
        if query.finding and query.finding.form is Form.AMONG:
            return Way.WALK
        binned = isinstance(query, Query) and query.deleted
        found = None if binned else estimate(self, connection, query.object)
        if found is None:
            return Way.PLAIN
        return Way.GATHER if found.few else Way.WALK

    def _records(
        self, connection: Connection, plan: ReadPlan, target: ObjectType, rows: Sequence[Row]
    ) -> tuple[Record, ...]:
        found = records(plan, target, rows)
        if not plan.failing:
            return found
        first = 2 + len(plan.names)
        failed = {
            path: {row[0] for row in rows if row[place]} for place, path in enumerate(plan.failing, first)
        }
        return explained(self, connection, failed, found) if any(failed.values()) else found

    def _edge(self, connection: Connection, query: Query, way: Way) -> tuple[Edge | None, tuple[object, ...]]:
        cursor = query.after or query.before
        if cursor is None:
            return None, ()
        first = read_plan(self.release, self.policy, replace(query, after=None, before=None), None, way)
        values = self.seal(connection).open(self.actor.id or "", self._digest(first, query), cursor)
        nulls = tuple(value is None for value in values)
        return Edge(nulls=nulls, backwards=query.before is not None), values

    def _cursor(
        self, connection: Connection, plan: ReadPlan, query: Query, rows: Sequence[Row], *, wanted: bool
    ) -> str | None:
        if not rows or not wanted:
            return None
        return self.seal(connection).cursor(
            self.actor.id or "", self._digest(plan, query), rows[0][-plan.keys :]
        )

    def _digest(self, plan: ReadPlan, query: Query) -> str:
        shape = shape_of(self.release, query.where)
        return f"{plan.digest}\0{shape.told if shape else ''}\0{query.find or ''}"

    def _count(self, connection: Connection, query: Query, way: Way, rows: int, *, more: bool) -> Count:
        """How many match; of a list that fits a page that is known already."""
        if not (more or query.after or query.before) and rows <= COUNT_BUDGET:
            return Count(number=rows, exact=True)
        plan = count_plan(self.release, self.policy, query, way)
        row = plan.statement.row(connection, self.params(query))
        assert row is not None
        number: int = row[0]
        return Count(number=min(number, COUNT_BUDGET), exact=number <= COUNT_BUDGET)


def records(plan: ReadPlan, target: ObjectType, rows: Sequence[Row]) -> tuple[Record, ...]:
    """Rows of a plan as Records."""
    names, shown = plan.names, plan.json
    return tuple(
        Record(
            object=target,
            id=row[0],
            version=int(row[1]),
            values=dict(zip(names, row[2:], strict=False)),
            shown=shown,
        )
        for row in rows
    )
