"""ISOYEAR: the year of the week by ISO 8601."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import DATE, NUMBER

FUNCTION = Function(
    name="ISOYEAR",
    category="date",
    signatures=(takes(date=DATE, returns=NUMBER),),
    prose=Prose(en="The year that the week by ISO 8601 belongs to.", zh="ISO 8601 周所属的年份。"),
    examples=(("ISOYEAR(DATE(2027, 1, 1))", "2026"),),
    python=Strict(call=moment.iso_year, safe=True),
    sql=on_postgresql(moments.part("ISOYEAR", 9999)),
)
