"""The records of an object that is the answer to a query, as a subquery that stands in the place of a table.

Made from the Catalog, so there is nothing in the database to migrate. What the object's maker selects is read
with the system's eyes; who may see which of the resulting records, the reader's Decision says, on the owner
and department of the source's record. A record over a group has neither: only who sees all sees it. Its id
is made of the values it is grouped by, so it stays while they do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.actor import SYSTEM_SET
from engine.digest import digest_sql
from engine.policy import policy_of
from formula.expr import Call, Literal, Reference
from formula.sql import SqlColumn, average_sql, sum_sql, to_sql
from formula.types import Kind, number
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.database import Dialect
    from engine.fields.contract import FieldType
    from engine.joins import Joins
    from engine.release import Release
    from formula.expr import Expr
    from formula.types import Type
    from metadata.catalog import Field, ObjectType
    from metadata.projection import Projection, Shown

SORT = "__sort"
_DIGITS = 18
_INTEGER = number(_DIGITS, 0)

Columns = dict[str, SqlColumn]
"""By the name of the column: that of the field, and with a suffix those beside it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projected:
    """The rows, and how formulas see each of their columns."""

    rows: sa.Select[Any]
    types: Mapping[str, Type]


def projected(release: Release, target: ObjectType, joins: type[Joins]) -> Projected:
    """The rows of an object that is a query, from the Release; `joins` is the class `Joins`."""
    return release.statements.get(("projected", target.id), lambda: _build(release, target, joins))


def _build(release: Release, target: ObjectType, joins: type[Joins]) -> Projected:
    query = target.query
    assert query is not None
    source = joins(release, policy_of(release, (SYSTEM_SET,)), query.source, depth=1)
    make = _grouped if query.grouped else _single
    named, rows = make(release, target, query, source)
    chosen = (column.element.label(name) for name, column in named.items())
    return Projected(
        rows=rows.with_only_columns(*chosen, maintain_column_froms=True),
        types={name: column.type for name, column in named.items()},
    )


def _single(
    release: Release, target: ObjectType, query: Projection, source: Joins
) -> tuple[Columns, sa.Select[Any]]:
    """One record for each of the source's, with its id, owner, department and times."""
    system = {
        field.column: source.column(FieldPath(field=query.source.fields[name]))
        for name, field in target.fields.items()
        if field.system and name != "deleted_at" and name not in query.shown
    }
    shown = {
        column: found
        for name, each in query.shown.items()
        for column, found in _shown(release, target.fields[name], each, source)
    }
    deleted = target.fields["deleted_at"]
    return {**system, deleted.column: _blank(release, deleted), **shown}, _rows(source, query)


def _grouped(
    release: Release, target: ObjectType, query: Projection, source: Joins
) -> tuple[Columns, sa.Select[Any]]:
    """One record for each group: the values in an inner query, the figures over them in an outer one."""
    keys = {f"group_{n}": source.column(path) for n, path in enumerate(query.group)}
    plain = {
        column: found
        for name, each in query.shown.items()
        if each.figure is None
        for column, found in _shown(release, target.fields[name], each, source)
    }
    measured = {
        f"of_{target.fields[name].column}": _value(release, each.value.expr, source)
        for name, each in query.shown.items()
        if each.figure and each.value
    }
    inner = {**keys, **plain, **measured, "of": SqlColumn(element=sa.literal_column("1"), type=_INTEGER)}
    values = _rows(source, query).with_only_columns(
        *(column.element.label(name) for name, column in inner.items()), maintain_column_froms=True
    )
    rows = values.subquery("v")
    groups = {name: SqlColumn(element=rows.c[name], type=inner[name].type) for name in (*keys, *plain)}
    figures = {
        target.fields[name].column: _figure(release, target.fields[name], each, rows, inner)
        for name, each in query.shown.items()
        if each.figure
    }
    own = {"id": _identity(target, [rows.c[name] for name in keys], release.dialect)}
    shown = {name: column for name, column in groups.items() if name in plain}
    named = {**_blank_system(release, target), **own, **shown, **figures}
    answer: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(rows)
    return named, answer.group_by(*(column.element for column in groups.values()))


def _rows(source: Joins, query: Projection) -> sa.Select[Any]:
    """The source's rows that are read; asked last, when all joins are known."""
    deleted = source.column(FieldPath(field=query.source.fields["deleted_at"])).element
    rules: list[sa.ColumnElement[bool]] = [deleted.is_(None)]
    if query.where is not None:
        rules.append(source.condition(query.where.expr))
    return sa.select(sa.literal_column("1")).select_from(source.source).where(*rules)


def _shown(release: Release, field: Field, shown: Shown, source: Joins) -> Iterator[tuple[str, SqlColumn]]:
    """The column of a field, and those beside it: its order, and an amount in the company's currency."""
    assert shown.value is not None
    expr = shown.value.expr
    value = _fitted(release, field, expr, source)
    yield field.column, value
    path = expr.key if isinstance(expr, Reference) and isinstance(expr.key, FieldPath) else None
    if path and (sort := source.stored(path, "sort")) is not None:
        yield f"{field.column}{SORT}", SqlColumn(element=sort, type=path.type)
    for part in field.sort.parts:
        whole = path if path and not path.part and part in path.field.sort.parts else None
        yield f"{field.column}__{part}", source.column(replace(whole, part=part)) if whole else value


def _figure(
    release: Release, field: Field, shown: Shown, rows: sa.FromClause, inner: Mapping[str, SqlColumn]
) -> SqlColumn:
    backend = release.dialect.backend
    name = "of" if shown.value is None else f"of_{field.column}"
    column = SqlColumn(element=rows.c[name], type=inner[name].type)
    match shown.figure:
        case "count":
            counted: sa.ColumnElement[Any] = sa.func.count(column.element)
            kept = counted if release.dialect.sqlite else sa.cast(counted, sa.NUMERIC())
            return SqlColumn(element=kept, type=_INTEGER)
        case "sum":
            return _rounded(release, field, sum_sql(column, backend))
        case "avg":
            return _rounded(release, field, average_sql(column, backend))
        case "min":
            return SqlColumn(element=sa.func.min(column.element), type=column.type)
        case _:
            return SqlColumn(element=sa.func.max(column.element), type=column.type)


def _fitted(release: Release, field: Field, expr: Expr, source: Joins) -> SqlColumn:
    """A value as its field has it: a number with its decimals, and truth, which is never blank."""
    column = _rounded(release, field, _value(release, expr, source))
    if column.type.kind is not Kind.BOOLEAN:
        return column
    false: sa.ColumnElement[bool] = sa.literal_column("0" if release.dialect.sqlite else "FALSE")
    return SqlColumn(element=sa.func.coalesce(column.element, false), type=column.type)


def _value(release: Release, expr: Expr, source: Joins) -> SqlColumn:
    return to_sql(expr, release.dialect.backend, source.reference)


def _rounded(release: Release, field: Field, column: SqlColumn) -> SqlColumn:
    """A number with the decimals of its field."""
    scale = field.sort.type.scale
    if column.type.kind is not Kind.NUMBER or scale is None or column.type.scale == scale:
        return column
    given = Reference(name=field.name, type=column.type, key=field)
    places = Literal(value=Decimal(scale), type=number(2, 0))
    call = Call(
        function=release.language.functions["ROUND"], arguments=(given, places), type=number(_DIGITS, scale)
    )
    return to_sql(call, release.dialect.backend, lambda _: column)


def _blank(release: Release, field: Field) -> SqlColumn:
    kept = cast("FieldType", field.sort).columns(release.dialect)[0]
    return SqlColumn(element=sa.cast(sa.null(), kept.type), type=field.sort.type)


def _blank_system(release: Release, target: ObjectType) -> Columns:
    """The system fields of a group: it is version 1 of something that nobody owns."""
    fields = (field for field in target.fields.values() if field.system)
    blank = {field.column: _blank(release, field) for field in fields}
    return {**blank, "version": SqlColumn(element=sa.literal_column("1"), type=_INTEGER)}


def _identity(target: ObjectType, keys: list[sa.ColumnElement[Any]], dialect: Dialect) -> SqlColumn:
    """An id made of the values of a group."""
    text: sa.ColumnElement[str] = sa.literal(f"{target.id}:", sa.TEXT())
    for key in keys:
        text = text.concat(_quoted(key, dialect)).concat(sa.literal_column("','"))
    return SqlColumn(element=digest_sql(text, dialect), type=target.fields["id"].sort.type)


def _quoted(key: sa.ColumnElement[Any], dialect: Dialect) -> sa.ColumnElement[str]:
    """A value as text that differs for different values, blank among them."""
    if dialect.sqlite:
        return sa.func.quote(key)
    return sa.func.quote_nullable(sa.cast(key, sa.TEXT()))
