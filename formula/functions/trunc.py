"""TRUNC: cuts a number off after some decimal places."""

from __future__ import annotations

from formula import number
from formula.functions import Function, Prose, Strict, Units, optional, takes
from formula.sql import rounding
from formula.sql.form import on_postgresql
from formula.types import NUMBER

FUNCTION = Function(
    name="TRUNC",
    category="math",
    signatures=(takes(number=NUMBER, digits=optional(NUMBER), returns=NUMBER),),
    prose=Prose(
        en="Cuts a number off after some decimal places, without rounding; -2 keeps hundreds.",
        zh="按指定小数位截断，不四舍五入；负数位数表示十位、百位等。",
    ),
    examples=(
        ("TRUNC(2.789, 2)", "2.78"),
        ("TRUNC(-2.7)", "0 - 2"),
        ("TRUNC(1250, -2)", "1200"),
        ("TRUNC(discount, 2)", "null"),
    ),
    python=Strict(call=number.truncated, safe=True),
    units=Units.KEEPS,
    sql=on_postgresql(rounding.TRUNC),
)
