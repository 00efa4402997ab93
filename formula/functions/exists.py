"""EXISTS: whether there is a related record."""

from __future__ import annotations

from formula import related
from formula.functions import Function, Inline, Prose, Related, optional, takes
from formula.scope import Need
from formula.sql.form import both
from formula.sql.related import EXISTS
from formula.types import BOOLEAN, NULL

FUNCTION = Function(
    name="EXISTS",
    category="related",
    signatures=(takes(link=NULL, condition=optional(BOOLEAN), returns=BOOLEAN),),
    prose=Prose(
        en="Whether a record of another object links to this one and, if a condition is given, fulfils it: "
        "`EXISTS(order.contact, order_date >= TODAY() - 90)`. Never blank.",
        zh="是否存在链接到本记录（并满足条件）的其他对象的记录："
        "`EXISTS(order.contact, order_date >= TODAY() - 90)`。永不为空。",
    ),
    examples=(
        ("EXISTS(line.opportunity)", "true"),
        ("EXISTS(line.opportunity, quantity > 100)", "false"),
        ("EXISTS(line.opportunity, ISBLANK(product))", "true"),
        ("EXISTS(line.opportunity, price > null)", "false"),
    ),
    python=Inline(build=related.build),
    needs=Need.RELATED,
    pure=False,
    check=related.check_count,
    related=Related.ALWAYS,
    sql=both(EXISTS),
)
