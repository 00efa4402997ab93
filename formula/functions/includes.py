"""INCLUDES: whether a list has a value."""

from __future__ import annotations

from formula import prose, shape
from formula.functions import Function, Lenient, Prose, takes
from formula.sql import membership
from formula.sql.form import both
from formula.types import BOOLEAN, ELEMENTS, MULTIPICKLIST

FUNCTION = Function(
    name="INCLUDES",
    category="text",
    signatures=(takes(list=MULTIPICKLIST, value=ELEMENTS, returns=BOOLEAN),),
    prose=Prose(
        en="Whether a list – a multi-picklist, tags, linked records – has this value; blank is in no list.",
        zh="列表（多选、标签、关联的多条记录等）是否包含该值；空值不在任何列表中。",
    ),
    examples=(
        ('INCLUDES(industries, "energy")', "true"),
        ('INCLUDES(industries, "health")', "false"),
        ("INCLUDES(team, $user.id)", "true"),
        ('INCLUDES(tags, "vip")', "false"),
        ('INCLUDES(industries, "")', "false"),
    ),
    python=Lenient(call=prose.includes, safe=True, never_null=True),
    check=shape.check_includes,
    sql=both(membership.INCLUDES),
)
