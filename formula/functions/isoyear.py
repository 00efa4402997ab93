"""ISOYEAR: the year of the week by ISO 8601."""

from __future__ import annotations

from formula import moment
from formula.functions import Function, Prose, Strict, takes
from formula.functions.isoweek import of_date
from formula.sql import moments
from formula.sql.form import on_postgresql
from formula.types import NUMBER, Kind

FUNCTION = Function(
    name="ISOYEAR",
    category="date",
    signatures=(takes(date=(Kind.DATE, Kind.DATETIME), returns=NUMBER),),
    prose=Prose(
        en="The year that the week by ISO 8601 belongs to; of an instant in the user's time zone.",
        zh="ISO 8601 周所属的年份；时间点按用户时区。",
    ),
    examples=(
        ("ISOYEAR(DATE(2027, 1, 1))", "2026"),
        ("ISOYEAR(called_at)", "2026"),
        ("ISOYEAR(close_date)", "null"),
    ),
    python=Strict(call=moment.iso_year, safe=True),
    check=of_date,
    sql=on_postgresql(moments.part("ISOYEAR", 9999)),
)
