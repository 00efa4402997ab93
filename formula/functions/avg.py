"""AVG: the mean of a number over related records."""

from __future__ import annotations

from formula import related
from formula.functions import Function, Inline, Prose, Related, Units, optional, takes
from formula.scope import Need
from formula.sql.form import both
from formula.sql.related import AVG
from formula.types import BOOLEAN, NULL, NUMBER

FUNCTION = Function(
    name="AVG",
    category="related",
    signatures=(takes(link=NULL, value=NUMBER, condition=optional(BOOLEAN), returns=NUMBER),),
    prose=Prose(
        en="The mean of a number over the records of another object that link to this one, or over those "
        "that fulfil a condition. Blanks are left out; of nothing the mean is blank.",
        zh="对链接到本记录的其他对象的记录求平均，可附加条件。空值不计；没有记录时为空。",
    ),
    examples=(
        ("AVG(line.opportunity, quantity)", "2"),
        ("AVG(line.opportunity, quantity, quantity > 1)", "2.5"),
        ("AVG(line.opportunity, quantity, price > null)", "null"),
    ),
    python=Inline(build=related.build),
    needs=Need.RELATED,
    pure=False,
    check=related.check_figure,
    related=Related.ALWAYS,
    units=Units.GATHERS,
    sql=both(AVG),
)
