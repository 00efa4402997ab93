"""GEOLOCATION: a place on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import place
from formula.functions import Function, Prose, Strict, takes
from formula.sql.form import Form, comes_to_nothing, on_postgresql
from formula.sql.fragment import sql
from formula.sql.term import Term
from formula.types import LOCATION, NUMBER, TEXT

if TYPE_CHECKING:
    from formula.expr import Call
    from formula.sql.form import Translator

_WRITTEN = (
    f"(CASE WHEN abs({{0}}) <= {place.MOST_LATITUDE} AND abs({{1}}) <= {place.MOST_LONGITUDE}"
    " THEN CAST(round({0}, 6) AS text) || ', ' || CAST(round({1}, 6) AS text) END)"
)


def _value(translator: Translator, call: Call) -> Term:
    return Term(sql=sql(_WRITTEN, *(translator.term(part).sql for part in call.arguments)), type=TEXT)


FUNCTION = Function(
    name="GEOLOCATION",
    category="math",
    signatures=(takes(latitude=NUMBER, longitude=NUMBER, returns=LOCATION),),
    prose=Prose(
        en="A place on the map by its latitude and longitude in degrees, for DISTANCE() or a field of the "
        "type geo; as text both numbers. Blank if either is.",
        zh="以纬度和经度（度）表示的地点，用于 DISTANCE() 或 geo 类型的字段；"
        "作为文本即两个数字。任一为空则为空。",
    ),
    examples=(
        ("GEOLOCATION(48.1371541, 11.576124)", '"48.137154, 11.576124"'),
        ("GEOLOCATION(-90, 180)", '"-90.000000, 180.000000"'),
        ("ISBLANK(GEOLOCATION(discount, 5))", "true"),
        ("GEOLOCATION(91, 0)", "#Error!"),
    ),
    python=Strict(call=place.place),
    pure=False,  # Stays a call, so that DISTANCE sees its numbers.
    sql=on_postgresql(Form(value=_value, fails=comes_to_nothing)),
)
