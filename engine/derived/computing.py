"""One statement that says of some records what is stored for their derived values, and what it should be.

Always computed from what they are made of, with the system's eyes, so that a value does not depend on who
saved. A formula that is an error is blank; records in the recycle bin, or behind a link to one, do not count.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.actor import SYSTEM_SET
from engine.derived.graph import graph
from engine.joins import Joins
from engine.output import Output, decoder, output, selected
from engine.policy import policy_of
from engine.related import points
from engine.statement import Statement, among_ids, compile_statement, id_list
from formula.sql import SqlColumn, average_sql, sum_sql, to_sql
from formula.types import NUMBER
from metadata.catalog import FieldPath
from metadata.derivation import Rollup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.database import Connection
    from engine.derived.graph import Derived, Group
    from engine.fields.contract import Codec, FieldType
    from engine.release import Release
    from formula.expr import Formula
    from formula.types import Type
    from metadata.catalog import Field, ObjectType

SEPARATOR = ", "
MOST_LISTED = 1000
"""Values of records that a list is made of; the rest is left out, as is what a long text cannot keep."""

_ONE: sa.ColumnElement[int] = sa.literal_column("1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """One record: what is stored and what should be, by field name, and where its rolled-up links lead."""

    id: str
    version: int
    stored: Mapping[str, Any]
    right: Mapping[str, Any]
    links: Mapping[str, Any]

    @property
    def wrong(self) -> frozenset[str]:
        """The names of the fields that are not as they should be."""
        return frozenset(name for name, value in self.right.items() if value != self.stored[name])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Computing:
    """The statement for one group: id and version, then links, stored values and those that are right."""

    statement: Statement
    links: tuple[str, ...]
    fields: tuple[Field, ...]

    def found(self, connection: Connection, given: Mapping[str, object], ids: Iterable[str]) -> list[Found]:
        """The live ones of the records `ids`. Raises `Refusal`: a value is too large for its field."""
        params = {**given, "ids": id_list(sorted(ids), connection.dialect)}
        return [self._found(row) for row in self.statement.rows(connection, params)]

    def _found(self, row: tuple[Any, ...]) -> Found:
        links, stored = 2 + len(self.links), 2 + len(self.links) + len(self.fields)
        names = [field.name for field in self.fields]
        right = (_fit(field, value) for field, value in zip(self.fields, row[stored:], strict=True))
        return Found(
            id=row[0],
            version=int(row[1]),
            links=dict(zip(self.links, row[2:links], strict=True)),
            stored=dict(zip(names, row[links:stored], strict=True)),
            right=dict(zip(names, right, strict=True)),
        )


def computing(release: Release, group: Group) -> Computing:
    """The statement of a group, from the Release."""
    return release.statements.get(("computing", group), lambda: _build(release, group))


def _build(release: Release, group: Group) -> Computing:
    target = group.object
    joins = Joins(release, policy_of(release, (SYSTEM_SET,)), target)
    links = graph(release).rolled.get(target.id, ())
    fields = tuple(each.field for each in group.derived)
    outputs = [
        *(output(joins, FieldPath(field=target.fields[name])) for name in ("id", "version")),
        *(_kept(joins, link) for link in links),
        *(_kept(joins, field) for field in fields),
        *(_right(joins, each) for each in group.derived),
    ]
    alive = joins.column(FieldPath(field=target.fields["deleted_at"])).element.is_(None)
    ids = among_ids(outputs[0].element, "ids", release.dialect)
    rows = selected([each.element for each in outputs], joins).where(ids, alive).order_by(outputs[0].element)
    return Computing(
        statement=compile_statement(rows, release.dialect, [each.decode for each in outputs]),
        links=tuple(link.name for link in links),
        fields=fields,
    )


def _kept(joins: Joins, field: Field) -> Output:
    """The stored value itself, also of a link to one of several objects."""
    path = FieldPath(field=field)
    form, element = joins.form(field), joins.stored(path)
    assert form is not None, f"{field.name} is not stored"
    assert element is not None
    return Output(name=field.name, element=element, decode=form.decode)


def _right(joins: Joins, each: Derived) -> Output:
    if isinstance(each.derivation, Rollup):
        return _figure(joins, each.field.object, each.derivation)
    return formula_output(joins, each.field.name, each.derivation)


def formula_output(joins: Joins, name: str, formula: Formula) -> Output:
    """The value of a formula over the root's records; blank where it is an error."""
    found = to_sql(formula.expr, joins.dialect.backend, joins.reference)
    return Output(name=name, element=_blank_for_error(found), decode=decoder(found.type, joins.dialect))


def _blank_for_error(column: SqlColumn) -> sa.ColumnElement[Any]:
    if column.failure is None:
        return column.element
    return sa.case((column.failure, sa.null()), else_=column.element)


def _figure(joins: Joins, target: ObjectType, rollup: Rollup) -> Output:
    """A query within the query, over the records whose link leads to the one at hand."""
    inner = joins.inside(rollup.link.object)
    owner = joins.stored(FieldPath(field=target.fields["id"]))
    assert owner is not None
    made = _Figure(joins=inner, rollup=rollup)
    element, decode = made.element()
    keys = made.keys()
    rules = [points(inner, rollup.link, owner), inner.column(_path(rollup, "deleted_at")).element.is_(None)]
    if rollup.where is not None:
        rules.append(inner.condition(rollup.where.expr))
    rows = made.ordered(inner.within(element, *rules), keys)  # asked last, when all joins are known
    if rollup.function == "list":
        sqlite = joins.dialect.sqlite
        return Output(name="", element=_gathered(rows, sqlite=sqlite), decode=_listed(rollup, sqlite=sqlite))
    return Output(name="", element=rows.scalar_subquery(), decode=decode)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Figure:
    """What the query within the query selects of a roll-up's records; `joins` are those of that query."""

    joins: Joins
    rollup: Rollup

    def element(self) -> tuple[sa.ColumnElement[Any], Codec | None]:
        if self.rollup.value is None:
            return sa.func.count(), Decimal
        value = output(self.joins, self.rollup.value)
        each = value.element
        if value.failing is not None:
            each = sa.case((value.failing.condition, sa.null()), else_=each)
        column, backend = SqlColumn(element=each, type=self._type()), self.joins.dialect.backend
        exact = decoder(NUMBER, self.joins.dialect)
        match self.rollup.function:
            case "sum":
                return sum_sql(column, backend).element, exact
            case "avg":
                return average_sql(column, backend).element, exact
            case "min":
                return sa.func.min(each), value.decode
            case "max":
                return sa.func.max(each), value.decode
            case _:
                return each.label("each"), value.decode

    def _type(self) -> Type:
        assert self.rollup.value is not None
        return self.joins.column(self.rollup.value).type

    def keys(self) -> tuple[sa.ColumnElement[Any], ...]:
        """What the records are ordered by, the id last; blank where that is an error."""
        if self.rollup.function not in ("first", "last", "list"):
            return ()
        by = () if self.rollup.order is None else (_blank_for_error(self.joins.column(self.rollup.order)),)
        return (*by, self.joins.column(_path(self.rollup, "id")).element)

    def ordered(self, rows: sa.Select[Any], keys: tuple[sa.ColumnElement[Any], ...]) -> sa.Select[Any]:
        """First and last of what has an order; a list of what has a value, in its order."""
        function = self.rollup.function
        if function == "list":
            assert self.rollup.value is not None
            present = self.joins.column(self.rollup.value).element.is_not(None)
            blank_last = (key.is_(None) for key in keys[:-1])
            return rows.where(present).order_by(*blank_last, *keys).limit(sa.literal_column(str(MOST_LISTED)))
        if function not in ("first", "last"):
            return rows
        rows = rows.where(*(key.is_not(None) for key in keys[:-1]))
        turned = keys if function == "first" else [key.desc() for key in keys]
        return rows.order_by(*turned).limit(_ONE)


def _path(rollup: Rollup, name: str) -> FieldPath:
    return FieldPath(field=rollup.link.object.fields[name])


def _gathered(rows: sa.Select[Any], *, sqlite: bool) -> sa.ColumnElement[Any]:
    inner = rows.subquery()
    gather = sa.func.json_group_array if sqlite else sa.func.array_agg
    return sa.select(gather(inner.c.each)).scalar_subquery()


def _listed(rollup: Rollup, *, sqlite: bool) -> Codec:
    """The values of a list as one text, each of them once where they are `distinct`."""

    def join(raw: Any) -> str | None:
        values = json.loads(raw) if sqlite else raw
        return SEPARATOR.join(dict.fromkeys(values) if rollup.distinct else values) or None

    return join


def _fit(field: Field, value: Any) -> Any:
    """A value as its field keeps it; a list is cut to what that holds."""
    sort = cast("FieldType", field.sort)
    if value is None:
        return sort.nothing
    if isinstance(value, str) and (most := getattr(getattr(sort, "returns", None), "longest", None)):
        value = value if len(value) <= most else value[: most - 1] + "…"
    return sort.fit(value)
