"""ISBLANK: whether a value is blank."""

from __future__ import annotations

from formula import branch
from formula.functions import Function, Inline, Prose, takes
from formula.sql import choice
from formula.sql.form import both
from formula.types import BOOLEAN, PLAIN, Kind

FUNCTION = Function(
    name="ISBLANK",
    category="logical",
    signatures=(takes(value=(*PLAIN, Kind.PICKLIST, Kind.MULTIPICKLIST), returns=BOOLEAN),),
    prose=Prose(en="Whether a value is blank: null or the empty text.", zh="值是否为空：null 或空文本。"),
    examples=(("ISBLANK(reason)", "true"), ('ISBLANK("")', "true"), ("ISBLANK(amount)", "false")),
    python=Inline(build=branch.is_blank),
    sql=both(choice.ISBLANK),
)
