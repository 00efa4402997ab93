"""A translated expression: its SQL, its type, and what is known about its values.

Terms are what the translators of single functions take and give; only `formula.sql` makes them. The forms of
the kinds on either database are those of `backend`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, assert_never
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import Grouping

from formula.sql import decimals
from formula.sql.backend import Backend, Rows, SqlColumn
from formula.sql.fragment import Fragment, Sql, sql
from formula.types import NUMBER, Kind, Type, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Literal, Value

WIDE = Context(prec=60)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CLOCK, TODAY, ZONE = "env_now", "env_today", "env_zone"
"""Parameters which every execution may have to supply: the instant, the day and the user's time zone."""
WHITE = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""What Python strips from the ends of a text."""
LARGEST = 2**63 - 1
"""What a native integer holds."""

_PG_TYPES = {
    Kind.TEXT: "text",
    Kind.PICKLIST: "text",
    Kind.MULTIPICKLIST: "text",
    Kind.ID: "uuid",
    Kind.NUMBER: "numeric",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
    Kind.TIME: "time",
    Kind.NULL: "text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """SQL which is an operand as it stands, and the type of its values.

    `limit`: with a `type.scale`, no value times 10^scale is larger, either side of zero; None: not known.
    `constant`: what the SQL, a parameter or NULL, was written for. `column`: the bare column behind the
    SQL, for conditions that an index shall serve. The SQL of a text is never '', only a column may be.
    `rows`: where the values of a list are; its SQL means nothing.
    """

    sql: Sql
    type: Type
    limit: int | None = None
    constant: Literal | None = None
    column: Sql = ()
    rows: Rows | None = None

    @property
    def kind(self) -> Kind:
        """What the values are."""
        return self.type.kind

    @property
    def shown(self) -> Type:
        """The type for the outside, with what is known about digits."""
        if self.kind is not Kind.NUMBER or self.type.scale is None:
            return plain(self.type)
        precision = None if self.limit is None else max(len(str(self.limit)), 1)
        return replace(self.type, precision=precision)

    def write(self, template: str, *arguments: Sql) -> Term:
        """The same type around other SQL, with this term's SQL at `{0}`."""
        return Term(sql=sql(template, self.sql, *arguments), type=self.type, limit=self.limit)


def reference(column: SqlColumn, backend: Backend) -> Term:
    """A value that the statement's tables hold, or another translated formula."""
    element, type_ = column.element, column.type
    if column.rows is not None:
        return Term(sql=(element,), type=type_, rows=column.rows)
    limit = _limit(type_, backend)
    if isinstance(element, Fragment):
        return Term(sql=element.parts, type=type_, limit=limit)
    bare = isinstance(element, sa.ColumnClause | sa.BindParameter)
    raw: Sql = (element,) if bare else (Grouping(element),)
    match type_.kind:
        case Kind.BOOLEAN:
            written = sql(f"COALESCE({{0}}, {truth(backend, value=False)})", raw)
        case Kind.TEXT | Kind.PICKLIST | Kind.MULTIPICKLIST:
            written = sql("NULLIF({0}, '')", raw)
        case _:
            written = raw
    return Term(sql=written, type=type_, limit=limit, column=raw if bare else ())


def flag(column: SqlColumn, backend: Backend, *, wanted: bool) -> Sql:
    """Whether a Boolean column is `wanted`; NULL, as through a missing parent, is false."""
    element = column.element
    written: Sql = element.parts if isinstance(element, Fragment) else (element.self_group(operators.eq),)
    if backend is Backend.SQLITE:
        return sql("{0} = 1" if wanted else "({0} = 0 OR {0} IS NULL)", written)
    return sql("{0}" if wanted else "(NOT {0} OR {0} IS NULL)", written)


def _limit(type_: Type, backend: Backend) -> int | None:
    if type_.scale is None:
        return None
    if type_.precision is not None:
        return int(10**type_.precision) - 1
    return LARGEST if backend is Backend.SQLITE else None


def literal(node: Literal, backend: Backend) -> Term:
    """A constant as a parameter; null and the booleans as themselves."""
    if node.slot:
        return _slot(node, backend)
    match node.value:
        case None:
            return replace(null(node.type, backend), constant=node)
        case bool(value):
            return Term(sql=(truth(backend, value=value),), type=node.type, constant=node)
        case Decimal() as value:
            return replace(number(value, backend), constant=node)
        case value if backend is Backend.SQLITE:
            return Term(sql=bind(sqlite_value(value, node.type.kind)), type=node.type, constant=node)
        case value:
            written = bind(value, f"CAST({{0}} AS {pg_type(node.type.kind)})")
            return Term(sql=written, type=node.type, constant=node)


def _slot(node: Literal, backend: Backend) -> Term:
    """A constant that is known when the statement runs; of a number, that it has no more than its scale."""
    written = supplied(node.slot, node.type.kind, backend)
    if node.type.kind is Kind.NUMBER:
        type_ = Type(kind=Kind.NUMBER, scale=node.type.scale or 0)
        return Term(sql=written, type=type_, limit=_limit(type_, backend))
    return Term(sql=written, type=node.type, constant=node)


def supply(value: Value, type_: Type, backend: Backend) -> object:
    """The parameter for a constant in the slot of a Literal of this type; numbers with no finer scale."""
    if backend is Backend.POSTGRESQL:
        return value
    if isinstance(value, Decimal):
        return int(value.scaleb(type_.scale or 0, WIDE))
    return sqlite_value(value, type_.kind)


def null(type_: Type, backend: Backend) -> Term:
    """No value, of a type; as a number it is within every limit."""
    text = "NULL" if backend is Backend.SQLITE else f"CAST(NULL AS {pg_type(type_.kind)})"
    return Term(sql=(text,), type=replace(type_, precision=1, scale=0), limit=0)


def number(value: Decimal, backend: Backend) -> Term:
    """A number as a parameter: on SQLite an integer of its own scale if one holds it, else bytes."""
    scale = max(0, -int(value.normalize(WIDE).as_tuple().exponent)) if value else 0
    scaled = int(value.scaleb(scale, WIDE))
    type_ = Type(kind=Kind.NUMBER, scale=scale)
    if backend is Backend.POSTGRESQL:
        return Term(sql=bind(value, "CAST({0} AS numeric)"), type=type_, limit=abs(scaled))
    if abs(scaled) <= LARGEST:
        return Term(sql=bind(scaled), type=type_, limit=abs(scaled))
    return Term(sql=bind(decimals.encode(value)), type=NUMBER)


def amount(term: Term) -> Decimal | None:
    """The number that a term is a constant for."""
    value = term.constant.value if term.constant else None
    return value if isinstance(value, Decimal) else None


def bind(value: object, template: str = "{0}") -> Sql:
    """A parameter with a name of its own; SQLAlchemy shall not guess a type for it."""
    return sql(template, (sa.bindparam(None, value, type_=sa.types.NullType(), unique=True),))


def supplied(name: str, kind: Kind, backend: Backend) -> Sql:
    """A parameter which the execution supplies under this name."""
    parameter = (sa.bindparam(name, type_=sa.types.NullType()),)
    return parameter if backend is Backend.SQLITE else sql(f"CAST({{0}} AS {pg_type(kind)})", parameter)


def truth(backend: Backend, *, value: bool) -> str:
    """A constant condition."""
    if backend is Backend.SQLITE:
        return "1" if value else "0"
    return "TRUE" if value else "FALSE"


def pg_type(kind: Kind) -> str:
    """The type PostgreSQL holds a kind in."""
    return _PG_TYPES[kind]


def sqlite_value(value: Value, kind: Kind) -> Any:
    """A value as SQLite holds it; a Number as bytes."""
    match value:
        case None | str() if kind is not Kind.ID:
            return value
        case str():
            return UUID(value).bytes
        case bool():
            return int(value)
        case Decimal():
            return decimals.encode(value)
        case datetime():
            return (value - EPOCH) // MICROSECOND
        case date():
            return value.isoformat()
        case time():
            return (((value.hour * 60) + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
        case None:
            return None
        case _:
            assert_never(value)


def python_value(raw: Any, kind: Kind) -> Value:
    """The value SQLite holds as `raw`, which is not None; a Number comes as bytes."""
    match kind:
        case Kind.ID:
            return str(UUID(bytes=raw))
        case Kind.NUMBER:
            return decimals.decode(raw)
        case Kind.BOOLEAN:
            return bool(raw)
        case Kind.DATE:
            return date.fromisoformat(raw)
        case Kind.DATETIME:
            return EPOCH + timedelta(microseconds=raw)
        case Kind.TIME:
            return (EPOCH + timedelta(microseconds=raw)).time()
        case Kind.TEXT | Kind.PICKLIST | Kind.MULTIPICKLIST | Kind.NULL:
            text: str | None = raw or None
            return text
        case _:
            assert_never(kind)


def reader(type_: Type) -> Callable[[Any], Value] | None:
    """From SQLite's value of a type, which is not None, to Python's; None: it is the same."""
    kind, scale = type_.kind, type_.scale
    if kind is Kind.NUMBER and scale is not None:
        places = -scale
        return lambda raw: Decimal(raw).scaleb(places, WIDE)
    if kind in {Kind.TEXT, Kind.PICKLIST, Kind.MULTIPICKLIST}:
        return None
    return lambda raw: python_value(raw, kind)
