"""INCLUDES, PICKLISTCOUNT and the blank list in SQL: questions about the rows of a list's values.

None is ever NULL. INCLUDES of a constant asks which records have the value, once for the statement and by
an index, and not record after record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from formula.sql.backend import Backend, SqlColumn
from formula.sql.comparison import compare
from formula.sql.form import Form, any_fails
from formula.sql.fragment import Fragment, sql
from formula.sql.logic import chosen
from formula.sql.moments import whole
from formula.sql.term import Term, reference
from formula.types import TEXT, Kind, Type

if TYPE_CHECKING:
    from typing import Any

    from formula.expr import Call
    from formula.sql.backend import Rows
    from formula.sql.form import Translator
    from formula.sql.fragment import Sql

_NEVER: Sql = ("(1 = 0)",)
_MOST = 1_000_000_000
"""More values than any list has."""


def empty(rows: Rows, *, wanted: bool = True) -> Sql:
    """Whether a list has no values, or has."""
    table = rows.table.alias()
    some: sa.Select[Any] = sa.select(sa.literal_column("1")).where(table.c.record == rows.owner)
    # Its own table is never that of a statement around it, which may ask about the same list.
    found: Sql = (some.select_from(table).correlate_except(table).scalar_subquery(),)
    return sql("(NOT EXISTS {0})" if wanted else "(EXISTS {0})", found)


def _count(translator: Translator, call: Call) -> Term:
    """How many rows a list has."""
    rows = translator.term(call.arguments[0]).rows
    type_ = Type(kind=Kind.NUMBER, scale=0)
    if rows is None:  # null written out
        return Term(sql=("0",), type=type_, limit=0)
    table = rows.table.alias()
    having: sa.Select[Any] = sa.select(sa.func.count()).where(table.c.record == rows.owner)
    counted: Sql = (having.select_from(table).correlate_except(table).scalar_subquery(),)
    if translator.backend is Backend.POSTGRESQL:
        return whole(counted, _MOST)
    return Term(sql=counted, type=type_, limit=_MOST)


def _found(translator: Translator, call: Call) -> Sql:
    """Whether the value is in the list: true, or else false or NULL."""
    values, value = (translator.term(argument) for argument in call.arguments)
    if values.rows is None:  # null written out
        return _NEVER
    table = values.rows.table.alias()
    held = reference(SqlColumn(element=table.c.value, type=values.type.element or TEXT), translator.backend)
    same = compare("=", held, value, translator.backend, nulls_equal=False)
    having: sa.Select[Any] = sa.select(table.c.record).where(Fragment(same, sa.Boolean()))
    owner: Sql = (values.rows.owner,)
    return sql("({0} IN {1})", owner, (having.correlate_except(table).scalar_subquery(),))


def _holds(translator: Translator, call: Call, wanted: bool) -> Sql:
    found = _found(translator, call)
    if wanted:
        return found
    failure = any_fails(translator, call)
    missing = sql("({0} IS NOT TRUE)", found)
    return missing if failure is None else sql("({0} AND NOT {1})", missing, failure)


COUNT = Form(value=_count)
INCLUDES = Form(value=chosen, holds=_holds)
