"""COUNT, EXISTS, SUM, AVG, MIN and MAX of related records: a query within the query, for each row at hand.

What the others' columns are, which of them link here, and which of them the reader may see says whoever knows
the tables, as `RelatedRows`. A record for which the condition is false, null or an error does not count.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from formula.expr import of_related
from formula.sql import decimals
from formula.sql.aggregate import average_sql, sum_sql
from formula.sql.backend import Backend, SqlColumn
from formula.sql.form import Form
from formula.sql.fragment import Fragment, sql
from formula.sql.logic import chosen
from formula.sql.moments import whole
from formula.sql.nesting import entries
from formula.sql.term import Term, bind, reference
from formula.types import NUMBER, Kind, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from formula.expr import Call, Expr
    from formula.sql.form import Translator
    from formula.sql.fragment import Sql

    Figure = Callable[[SqlColumn, Backend], SqlColumn]
    Made = Callable[[Translator], tuple[sa.ColumnElement[Any], Sql]]

_MOST = 999_999_999
_AROUND = 16
"""What SQLite's parser holds of a query within the query, beside its condition."""
_ONE: sa.ColumnElement[int] = sa.literal_column("1")


def _within(translator: Translator, call: Call, conditions: Sequence[Expr], make: Made) -> Sql:
    """The query within the query; `make` says what it selects, in its own translation."""
    rows = translator.related(call.arguments[0])
    inner = translator.within(rows.column)
    element, written = make(inner)
    where: Sql = inner.holds(conditions[0]) if conditions else ()
    condition = Fragment(where, sa.Boolean()) if where else None
    deep = _AROUND + max(entries(where), entries(written))
    return (Fragment((rows.select(element, condition),), sa.types.NullType(), deep=deep),)


def _counted(translator: Translator, call: Call) -> Term:
    counting = _within(translator, call, call.arguments[1:], lambda _: (sa.func.count(), ()))
    if translator.backend is Backend.POSTGRESQL:
        return whole(counting, _MOST)
    return Term(sql=counting, type=Type(kind=Kind.NUMBER, scale=0), limit=_MOST)


def _there_are(translator: Translator, call: Call, wanted: bool) -> Sql:
    some = _within(translator, call, call.arguments[1:], lambda _: (_ONE, ()))
    return sql("(EXISTS {0})" if wanted else "(NOT EXISTS {0})", some)


def _never(_translator: Translator, _call: Call) -> None:
    """A record that errs does not count, so that the figure is no error."""


def _figure(translator: Translator, call: Call, figure: Figure) -> Term:
    """An aggregate function over a value of the related records."""
    value, *conditions = call.arguments[1:]
    found: list[SqlColumn] = []

    def make(inner: Translator) -> tuple[sa.ColumnElement[Any], Sql]:
        term = inner.term(value)
        column = SqlColumn(element=Fragment(term.sql, sa.types.NullType()), type=term.type)
        found.append(figure(column, inner.backend))
        return found[0].element, term.sql

    written = _within(translator, call, conditions, make)
    return reference(
        SqlColumn(element=Fragment(written, sa.types.NullType()), type=found[0].type), translator.backend
    )


def _total(translator: Translator, call: Call) -> Term:
    """The sum, which of nothing is 0."""
    total = _figure(translator, call, sum_sql)
    if translator.backend is Backend.POSTGRESQL:
        return total.write("COALESCE({0}, 0)")
    return Term(sql=sql("COALESCE({0}, {1})", total.sql, bind(decimals.encode(Decimal(0)))), type=NUMBER)


def extreme(name: str, plain: Form) -> Form:
    """The least or the greatest over related records where a link stands first, else of the arguments."""

    def figure(column: SqlColumn, _: Backend) -> SqlColumn:
        element = column.element
        assert isinstance(element, Fragment)
        written = Fragment(sql(f"{name}({{0}})", element.parts), sa.types.NullType())
        return SqlColumn(element=written, type=column.type)

    def value(translator: Translator, call: Call) -> Term:
        if of_related(call.arguments):
            return _figure(translator, call, figure)
        return plain.value(translator, call)

    def fails(translator: Translator, call: Call) -> Sql | None:
        return None if of_related(call.arguments) else plain.failure(translator, call)

    return Form(value=value, fails=fails)


COUNT = Form(value=_counted, fails=_never)
EXISTS = Form(value=chosen, holds=_there_are, fails=_never)
SUM = Form(value=_total, fails=_never)
AVG = Form(value=lambda translator, call: _figure(translator, call, average_sql), fails=_never)
