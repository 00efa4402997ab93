"""The tables of one statement: the root, and a LEFT JOIN for each lookup that a path follows.

Repeated paths share a join; joins follow primary keys, so they never multiply rows. A linked record that
the reader may not read, or that is in the recycle bin, joins as missing: in paths, sort and label alike. A
computed field is expanded into the expression it stands for. Used by the planner, the aggregates and the
save's look at linked rows.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine import codes
from engine.access import Action
from engine.actor import SYSTEM_SET
from engine.codec import number_form
from engine.fields.contract import TEXT_PART, FieldType
from engine.kept import kept
from engine.policy import policy_of
from engine.predicate import Rules, actor_seat
from engine.problem import Problem
from engine.projection import SORT, projected
from engine.related import related
from formula.expr import Literal, Reference
from formula.sql import Rows, SqlColumn, Unwritable, bound, condition_sql, to_sql
from formula.types import ID, Kind
from metadata.backlink import Backlink
from metadata.catalog import FieldPath, Global
from metadata.draft import MAX_HOPS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.access import Decision
    from engine.database import Dialect
    from engine.fields.contract import Role, Stored
    from engine.lists import ListTable
    from engine.policy import Policy
    from engine.predicate import Seat
    from engine.release import Release
    from formula.expr import Expr, Formula, Value
    from formula.types import Type
    from metadata.catalog import Field, ObjectType

MOST_TABLES = 60
"""SQLite joins at most 64 tables in one statement."""

Links = tuple["Field", ...]


class Joins:
    """Collects the joins that the asked columns need; `source` is the FROM clause in the end."""

    def __init__(
        self,
        release: Release,
        policy: Policy,
        root: ObjectType,
        depth: int = 0,
        *,
        row: sa.FromClause | None = None,
        seat: Seat | None = None,
    ) -> None:
        self._release = release
        self._policy = policy
        self._root = root
        self._depth = depth
        self._seat = seat or actor_seat(release.dialect)
        self._nested = row is not None
        self._types: Mapping[str, Type] = {}
        self._aliases: dict[Links, sa.FromClause] = {}
        self._computed: dict[FieldPath, SqlColumn] = {}
        self._aliases[()] = self._alias_of(root) if row is None else row
        self.source: sa.FromClause = self._aliases[()]

    @property
    def dialect(self) -> Dialect:
        """The database the statement is for."""
        return self._release.dialect

    @property
    def policy(self) -> Policy:
        """What the reader may see."""
        return self._policy

    def row_rule(self, decision: Decision, *, gathering: bool = False) -> sa.ColumnElement[bool]:
        """The condition that a Decision puts on the root's rows; `gathering` as in `Rules`."""
        rules = replace(rules_of(self._release, self._seat), gathering=gathering)
        return rules.decision(decision, self._root, self._aliases[()])

    def stored(self, path: FieldPath, role: Role = "value", part: str = "") -> sa.ColumnElement[Any] | None:
        """The column that a field keeps in this role, or None when it keeps none."""
        if (kept := self.form(path.field, role, part)) is None:
            return self._aliases[()].c.get(path.field.column + SORT) if role == "sort" else None
        return cast("sa.ColumnElement[Any]", self._alias(path.links).c[path.field.column + kept.suffix])

    def form(self, field: Field, role: Role = "value", part: str = "") -> Stored | None:
        """How a field is kept in this role; that of a query is not kept."""
        if field.object.query:
            return None
        columns = cast(FieldType, field.sort).columns(self._release.dialect)
        return next((kept for kept in columns if kept.role == role and kept.part == part), None)

    def column(self, path: FieldPath) -> SqlColumn:
        """A path as formulas see it, as SQL: whether stored, computed, or a part of a value."""
        if (shown := self._shown(path)) is not None:
            return shown
        if path.part:
            return self._part(path)
        if path.field.many:
            return self._rows(path, self.list_of(path)[1])
        if path.field.formula:
            return self._formula(path, path.field.formula)
        text = self.stored(path, "part", TEXT_PART)
        element = self.stored(path) if text is None else text
        assert element is not None, f"{path.name} is neither stored nor computed"
        if path.links and path.field.sort.type.kind is Kind.BOOLEAN:
            element = sa.func.coalesce(
                element, sa.literal_column("0" if self._release.dialect.sqlite else "FALSE")
            )
        return SqlColumn(element=element, type=path.field.sort.type)

    def _formula(self, path: FieldPath, formula: Formula) -> SqlColumn:
        """What a computed field stands for; written once, however many formulas stand on it."""
        if path not in self._computed:
            backend = self._release.dialect.backend
            self._computed[path] = to_sql(formula.expr, backend, lambda ref: self.reference(ref, path.links))
        return self._computed[path]

    def _shown(self, path: FieldPath) -> SqlColumn | None:
        """A column of a query, as far as the root is one."""
        name = f"{path.field.column}__{path.part}" if path.part else path.field.column
        if not self._root.query or path.links or name not in self._types:
            return None
        return SqlColumn(element=self._aliases[()].c[name], type=self._types[name])

    def list_of(self, path: FieldPath) -> tuple[ListTable, sa.ColumnElement[Any]]:
        """The table of a list, and the id of the record whose list it is."""
        owner = self._alias(path.links).c.id
        return self._release.tables[path.field.object.id].lists[path.field.name], owner

    def condition(self, where: Expr) -> sa.ColumnElement[bool]:
        """A condition on the root's rows; raises `Problem` where the database cannot answer it.

        A computed field that is an error is blank here, as it is in sorting and grouping.
        """

        def blank_for_error(reference: Reference) -> SqlColumn:
            return replace(self.reference(reference), failure=None)

        try:
            return condition_sql(where, self.dialect.backend, blank_for_error)
        except Unwritable as gap:
            raise Problem(codes.BAD_QUERY, f"The database cannot answer this condition: {gap}") from gap

    def reference(self, reference: Reference, links: Links = ()) -> SqlColumn:
        """What a name in an expression stands for, where the expression belongs to the record behind
        `links`.
        """
        match reference.key:
            case FieldPath(links=more, field=field, part=part):
                return self.column(FieldPath(links=(*links, *more), field=field, part=part))
            case Backlink(field=link):
                return related(self, link, self._alias(links).c.id)
            case Global(root="$user", path=FieldPath() as path):
                return self._of_user(path)
            case Global(root="$org"):
                return bound(reference, self.dialect.backend)
            case Global(root="$rates" | "$calendar"):
                return kept(self._release, reference)
            case _:
                raise Problem(
                    codes.BAD_QUERY,
                    f"{reference.name} cannot be asked for here.",
                    hint="Use the record's fields.",
                )

    def elsewhere(
        self, target: ObjectType, identity: sa.ColumnElement[Any], wanted: Callable[[Joins], Any]
    ) -> sa.ColumnElement[Any]:
        """What `wanted` says of a record that is found by its id in a look-up of its own.

        Missing where a join would miss it: when the reader may not read it, or it is in the recycle bin.
        """
        other = Joins(self._release, self._policy, target, depth=self._depth + 1)
        element, root = wanted(other), other._aliases[()]
        decision = self._policy.decide(target, Action.READ)
        rule = self._rule(decision, target, root)
        found = other.within(element, root.c.id == identity, root.c.deleted_at.is_(None), rule)
        return found.scalar_subquery()

    def inside(self, target: ObjectType) -> Joins:
        """The joins of a query within this one, over rows of another object."""
        row = None if target.query else self._table(target).alias()
        return Joins(self._release, self._policy, target, depth=self._depth + 1, row=row, seat=self._seat)

    def within(self, element: Any, *rules: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """The query for `element` over rows of the root that fulfil the rules, for a row of the statement
        around.
        """
        rows = sa.select(element).select_from(self.source).where(*rules)
        return rows.correlate_except(*self._aliases.values())

    def _part(self, path: FieldPath) -> SqlColumn:
        type_ = path.field.parts[path.part]
        if path.field.attributes:
            code = self.column(FieldPath(links=path.links, field=path.field)).element
            found = [(o.code, path.field.attribute(o, path.part)) for o in path.field.options]
            cases = [(code == option, self._constant(value, type_)) for option, value in found]
            otherwise = self._constant(path.field.attribute(None, path.part), type_)
            return SqlColumn(element=sa.case(*cases, else_=otherwise), type=type_)
        element = self.stored(path, "part", path.part)
        assert element is not None, f"{path.name} is no part that is stored"
        return SqlColumn(element=element, type=type_)

    def _rows(self, path: FieldPath, owner: sa.ColumnElement[Any]) -> SqlColumn:
        table = self._release.tables[path.field.object.id].lists[path.field.name].table
        return SqlColumn(element=owner, type=path.type, rows=Rows(table=table, owner=owner))

    def _alias(self, links: Links) -> sa.FromClause:
        if links not in self._aliases:
            self._aliases[links] = self._join(links)
        return self._aliases[links]

    def _join(self, links: Links) -> sa.FromClause:
        if len(links) > MAX_HOPS:
            raise Problem(
                codes.BAD_QUERY,
                f"Over formulas of other objects it follows more than {MAX_HOPS} lookups in a row.",
                hint="Store a value on the way.",
            )
        host, link = self._alias(links[:-1]), links[-1]
        if len(self._aliases) >= MOST_TABLES:
            raise Problem(
                codes.BAD_QUERY,
                f"The query follows more than {MOST_TABLES} lookups.",
                hint="Ask for fewer paths.",
            )
        assert link.target is not None
        alias = self._alias_of(link.target)
        decision = self._policy.decide(link.target, Action.READ)
        on = sa.and_(
            host.c[link.column] == alias.c.id,
            alias.c.deleted_at.is_(None),
            self._rule(decision, link.target, alias),
        )
        self.source = self.source.outerjoin(alias, on)
        return alias

    def _alias_of(self, target: ObjectType) -> sa.FromClause:
        """A table under a name of its own, also among those of the statements around this one.

        No link leads to a query, so that only the root may be one.
        """
        name = f"{'t' * (1 + self._depth)}{len(self._aliases)}"
        if not target.query:
            return self._table(target).alias(None if self._nested else name)
        answer = projected(self._release, target, Joins)
        self._types = answer.types
        return answer.rows.subquery(name)

    def _rule(self, decision: Decision, target: ObjectType, row: sa.FromClause) -> sa.ColumnElement[bool]:
        return rules_of(self._release, self._seat).decision(decision, target, row)

    def _of_user(self, path: FieldPath) -> SqlColumn:
        """A field of the acting user, who is known by her id; the rest is looked up by it."""
        me = self._seat.user
        if not path.links and path.field.name == "id":
            return SqlColumn(element=me, type=ID)
        other = Joins(self._release, self._policy, path.root)
        if path.field.many and not path.links:
            return self._rows(path, me)
        found = other.column(path)
        user = other._aliases[()]
        return SqlColumn(
            element=sa.select(found.element)
            .select_from(other.source)
            .where(user.c.id == me)
            .scalar_subquery(),
            type=found.type,
        )

    def _table(self, target: ObjectType) -> sa.Table:
        return self._release.tables[target.id].table

    def _constant(self, value: object, type_: Type) -> sa.ColumnElement[Any]:
        if isinstance(value, Decimal):
            # A literal would bring its own scale; a column's is the one that its type names.
            form = number_form(self._release.dialect, type_.scale or 0)
            return sa.literal(form.encode(value) if form.encode else value, form.type)
        literal = Literal(value=cast("Value", value), type=type_)
        return to_sql(literal, self._release.dialect.backend, self.reference).element


def rules_of(release: Release, seat: Seat | None = None) -> Rules:
    """Makes the conditions of Decisions for rows of a Release's tables; for the actor, if for nobody else."""
    return Rules(
        release=release, seat=seat or actor_seat(release.dialect), fulfilled=partial(_fulfilled, release)
    )


def _fulfilled(
    release: Release, formula: Formula, target: ObjectType, row: sa.FromClause, seat: Seat
) -> sa.ColumnElement[bool]:
    """A formula of a row, with the system's eyes; on its own columns alone if it needs no others."""
    system = policy_of(release, (SYSTEM_SET,))
    joins = Joins(release, system, target, row=row, seat=seat)
    condition = joins.condition(formula.expr)
    if joins.source is row:
        return condition
    own = release.tables[target.id].table.alias()
    joins = Joins(release, system, target, row=own, seat=seat)
    condition = joins.condition(formula.expr)
    return joins.within(own.c.id, own.c.id == row.c.id, condition).exists()
