"""PICKLISTCOUNT: how many values a list has."""

from __future__ import annotations

from decimal import Decimal

from formula.functions import Function, Lenient, Prose, takes
from formula.sql import membership
from formula.sql.form import both
from formula.types import MULTIPICKLIST, NUMBER


def count(values: tuple[object, ...] | None) -> Decimal:
    """The number of values; 0 for blank."""
    return Decimal(len(values or ()))


FUNCTION = Function(
    name="PICKLISTCOUNT",
    category="math",
    signatures=(takes(list=MULTIPICKLIST, returns=NUMBER),),
    prose=Prose(
        en="How many values a list – a multi-picklist, tags, linked records – has; 0 when it is blank.",
        zh="列表（多选、标签、关联的多条记录等）中值的个数；空列表为 0。",
    ),
    examples=(
        ("PICKLISTCOUNT(industries)", "2"),
        ("PICKLISTCOUNT(team)", "1"),
        ("PICKLISTCOUNT(tags)", "0"),
        ("PICKLISTCOUNT(null)", "0"),
    ),
    python=Lenient(call=count, safe=True, never_null=True),
    sql=both(membership.COUNT),
)
