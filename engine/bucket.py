"""Dates as the first day of their day, week, month, quarter or year, in SQL.

An instant is first seen as a date in the reader's time zone; a week starts on Monday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.codec import date_form
from engine.output import Output
from engine.problem import Problem
from engine.query import Unit
from formula.expr import Call, Reference
from formula.functions.datevalue import FUNCTION as DATEVALUE
from formula.sql import to_sql
from formula.types import DATE, Kind

if TYPE_CHECKING:
    from engine.joins import Joins
    from engine.query import Bucket
    from formula.sql import SqlColumn
    from metadata.catalog import FieldPath


def bucket_output(joins: Joins, bucket: Bucket) -> Output:
    """The first day of the bucket that a value falls into, as a date."""
    day = _day(joins, bucket)
    if joins.dialect.sqlite:
        first = _sqlite(bucket.unit, day)
    else:
        first = sa.cast(sa.func.date_trunc(str(bucket.unit), sa.cast(day, sa.TIMESTAMP())), sa.DATE())
    return Output(name=bucket.path.name, element=first, decode=date_form(joins.dialect).decode)


def _day(joins: Joins, bucket: Bucket) -> sa.ColumnElement[Any]:
    match bucket.path.type.kind:
        case Kind.DATE:
            return joins.column(bucket.path).element
        case Kind.DATETIME:
            return local_date(joins, bucket.path).element
        case _:
            message = f"{bucket.path.name} is no date."
            raise Problem(codes.BAD_QUERY, message, hint="Group by it without a unit.")


def local_date(joins: Joins, path: FieldPath) -> SqlColumn:
    """The day on which an instant falls in the reader's zone, by the formula language's own DATEVALUE."""
    instant = Reference(name=path.name, type=path.type, key=path)
    call = Call(function=DATEVALUE, arguments=(instant,), type=DATE)
    return to_sql(call, joins.dialect.backend, joins.reference)


def _sqlite(unit: Unit, day: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    match unit:
        case Unit.DAY:
            return day
        case Unit.WEEK:
            return sa.func.date(day, "-6 days", "weekday 1")
        case Unit.MONTH:
            return sa.func.date(day, "start of month")
        case Unit.QUARTER:
            months = (sa.cast(sa.func.substr(day, 6, 2), sa.INTEGER()) - 1) % 3
            return sa.func.date(day, "start of month", sa.func.printf("-%d months", months))
        case Unit.YEAR:
            return sa.func.date(day, "start of year")
