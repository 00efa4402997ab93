"""SUM: the sum of a number over related records."""

from __future__ import annotations

from formula import related
from formula.functions import Function, Inline, Prose, Related, Units, optional, takes
from formula.scope import Need
from formula.sql.form import both
from formula.sql.related import SUM
from formula.types import BOOLEAN, NULL, NUMBER

FUNCTION = Function(
    name="SUM",
    category="related",
    signatures=(takes(link=NULL, value=NUMBER, condition=optional(BOOLEAN), returns=NUMBER),),
    prose=Prose(
        en="The sum of a number over the records of another object that link to this one, or over those that "
        'fulfil a condition: `SUM(opportunity.account, amount.company, stage = "won") > 100000`. Blanks are '
        "left out; of nothing the sum is 0.",
        zh="对链接到本记录的其他对象的记录求和，可附加条件："
        '`SUM(opportunity.account, amount.company, stage = "won") > 100000`。空值不计；没有记录时为 0。',
    ),
    examples=(
        ("SUM(line.opportunity, quantity)", "6"),
        ('SUM(line.opportunity, quantity * price, product = "Desk")', "1299.97"),
        ("SUM(line.opportunity, quantity, price > null)", "0"),
    ),
    python=Inline(build=related.build),
    needs=Need.RELATED,
    pure=False,
    check=related.check_figure,
    related=Related.ALWAYS,
    units=Units.GATHERS,
    sql=both(SUM),
)
