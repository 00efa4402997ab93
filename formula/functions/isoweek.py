"""ISOWEEK: the week of the year by ISO 8601."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATE, NUMBER, Kind

if TYPE_CHECKING:
    from formula.call import Application
    from formula.expr import Expr


def of_date(application: Application) -> Expr | None:
    """The function of a date; an instant stands for its date in the user's time zone."""
    arguments = tuple(
        application.make("DATEVALUE", one, type=DATE) if one.type.kind is Kind.DATETIME else one
        for one in application.arguments
    )
    return replace(application, arguments=arguments).fitted()


FUNCTION = Function(
    name="ISOWEEK",
    category="date",
    signatures=(takes(date=(Kind.DATE, Kind.DATETIME), returns=NUMBER),),
    prose=Prose(
        en="The week of the year by ISO 8601, 1 to 53; of an instant in the user's time zone.",
        zh="ISO 8601 周数，1 到 53；时间点按用户时区。",
    ),
    examples=(
        ("ISOWEEK(DATE(2027, 1, 1))", "53"),
        ("ISOWEEK(called_at)", "11"),
        ("ISOWEEK(close_date)", "null"),
    ),
    python=Strict(call=moment.iso_week, safe=True),
    check=of_date,
    sql=on_postgresql(moments.part("WEEK", 53)),
)
