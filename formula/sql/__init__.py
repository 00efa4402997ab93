"""Formulas in SQL: typed expressions to SQLAlchemy Core elements for SQLite and PostgreSQL.

The two databases answer what the Python program answers; an error is NULL, and a condition with an error is
false. Called by the engine's planner; knows columns only through the function it is handed, runs nothing.
Parameters that the execution supplies, as `environment` makes them: `env_now`, `env_today`, `env_zone`, and
whatever `bound` made of a `$` name: `env_user_id` of `$user.id`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from formula.expr import Literal
from formula.sql.aggregate import average_sql, sum_sql
from formula.sql.backend import Backend, Rows, SqlColumn
from formula.sql.form import Unwritable
from formula.sql.fragment import Fragment, sql
from formula.sql.numbers import exact, rescaled
from formula.sql.registered import register
from formula.sql.term import CLOCK, TODAY, ZONE, Term, literal, reader, sqlite_value, supplied, supply
from formula.sql.translation import Translation, readable
from formula.types import Kind, plain

if TYPE_CHECKING:
    from formula.expr import Expr, Reference, Value
    from formula.program import Env
    from formula.types import Type

__all__ = [
    "Backend",
    "Rows",
    "SqlColumn",
    "Unwritable",
    "average_sql",
    "bound",
    "condition_sql",
    "constant_sql",
    "decode",
    "environment",
    "register",
    "sum_sql",
    "supply",
    "to_sql",
]

Column = Callable[["Reference"], SqlColumn]


def to_sql(expr: Expr, backend: Backend, column: Column) -> SqlColumn:
    """The value of an expression, NULL for blank and for an error, and when it is one (`failure`).

    `column` says what a name stands for, `$` names too (see `bound`); it may hand out another formula's
    SqlColumn. On SQLite a Number with a `type.scale` is an integer scaled by it, without one the bytes of
    `decimals`; `decode` reads either. Raises `Unwritable` for what has no form on the database.
    """
    translation = Translation(backend, column)
    term = translation.term(expr)
    written = readable(term.sql, backend)
    if backend is Backend.POSTGRESQL and term.kind is Kind.TEXT:
        # A list ordered by it, or the least of a group, shall not follow the database's own collation.
        written = sql('({0} COLLATE "C")', written)
    return SqlColumn(
        element=Fragment(written, sa.types.NullType()),
        type=term.shown,
        failure=_failure(translation, expr),
    )


def _failure(translation: Translation, expr: Expr) -> Fragment | None:
    failure = translation.fails(expr)
    return None if failure is None else Fragment(readable(failure, translation.backend), sa.Boolean())


def condition_sql(expr: Expr, backend: Backend, column: Column) -> sa.ColumnElement[bool]:
    """A condition that is true exactly where the Boolean expression is true.

    Elsewhere, where it is false, null or an error, it is false or NULL, so that a bare column keeps its
    index. Combine it with `and_` and `or_`; `not_` of it is true wherever it is not. Raises `Unwritable`.
    """
    holds = readable(Translation(backend, column).holds(expr), backend)
    return Fragment(holds, sa.Boolean(), sql("(({0}) IS NOT TRUE)", holds))


def constant_sql(value: Value, type_: Type, backend: Backend) -> SqlColumn:
    """A constant, or None, as a column of this type would hold it; constants of one type may share a CASE.

    On SQLite a Number comes as an integer if `type_.scale` has room for its digits, else as bytes.
    """
    term = literal(Literal(value=value, type=type_), backend)
    if backend is Backend.SQLITE and type_.kind is Kind.NUMBER and value is not None:
        fitted = None if type_.scale is None else rescaled(term, type_.scale)
        type_ = type_ if fitted else plain(type_)
        term = fitted or Term(sql=exact(term), type=type_)
    return SqlColumn(element=Fragment(term.sql, sa.types.NullType()), type=type_)


def bound(reference: Reference, backend: Backend) -> SqlColumn:
    """A `$` name as a named parameter that `environment` supplies: `$user.id` as `env_user_id`."""
    written = supplied(_parameter(reference.name), reference.type.kind, backend)
    return SqlColumn(element=Fragment(written, sa.types.NullType()), type=plain(reference.type))


def environment(env: Env, backend: Backend, kinds: Mapping[str, Kind]) -> dict[str, object]:
    """The values of all supplied parameters; `kinds` are those of the `$` names made by `bound`."""
    values: dict[str, tuple[Value, Kind]] = {
        CLOCK: (env.instant, Kind.DATETIME),
        TODAY: (env.today, Kind.DATE),
    }
    values |= {_parameter(name): (env.globals.get(name), kind) for name, kind in kinds.items()}
    held = {
        name: sqlite_value(value, kind) if backend is Backend.SQLITE else value
        for name, (value, kind) in values.items()
    }
    return held | {ZONE: str(env.zone)}


def decode(column: SqlColumn, backend: Backend) -> Callable[[Any], Value] | None:
    """How a raw value, not None, of a translated column becomes Python's; None: it is that already."""
    if backend is Backend.SQLITE:
        return reader(column.type)
    return _id_text if column.type.kind is Kind.ID else None


def _id_text(raw: object) -> str:
    return str(raw)


def _parameter(name: str) -> str:
    return "env_" + name.removeprefix("$").replace(".", "_")
