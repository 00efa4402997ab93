"""COUNT: how many related records there are."""

from __future__ import annotations

from formula import related
from formula.functions import Function, Inline, Prose, Related, optional, takes
from formula.scope import Need
from formula.sql.form import both
from formula.sql.related import COUNT
from formula.types import BOOLEAN, NULL, NUMBER

FUNCTION = Function(
    name="COUNT",
    category="related",
    signatures=(takes(link=NULL, condition=optional(BOOLEAN), returns=NUMBER),),
    prose=Prose(
        en="How many records of another object link to this one, or how many of them fulfil a condition: "
        "`COUNT(opportunity.account, NOT(stage.closed)) = 0`. The first argument names the other object and "
        "its link; the condition is about the linking record. Only records that the reader may see count.",
        zh="有多少条其他对象的记录链接到本记录，可附加条件："
        "`COUNT(opportunity.account, NOT(stage.closed)) = 0`。"
        "第一个参数写对象及其链接字段；条件针对链接过来的记录。只计读者可见的记录。",
    ),
    examples=(
        ("COUNT(line.opportunity)", "3"),
        ('COUNT(line.opportunity, product = "Desk" && quantity > 1)', "1"),
        ("COUNT(line.opportunity, quantity > null)", "0"),
    ),
    python=Inline(build=related.build),
    needs=Need.RELATED,
    pure=False,
    check=related.check_count,
    related=Related.ALWAYS,
    sql=both(COUNT),
)
