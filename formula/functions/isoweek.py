"""ISOWEEK: the week of the year by ISO 8601."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATE, NUMBER

FUNCTION = Function(
    name="ISOWEEK",
    category="date",
    signatures=(takes(date=DATE, returns=NUMBER),),
    prose=Prose(en="The week of the year by ISO 8601, 1 to 53.", zh="ISO 8601 周数，1 到 53。"),
    examples=(("ISOWEEK(DATE(2027, 1, 1))", "53"),),
    python=Strict(call=moment.iso_week, safe=True),
    sql=on_postgresql(moments.part("WEEK", 53)),
)
