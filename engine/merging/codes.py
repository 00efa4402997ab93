"""The codes of refusals that merging can answer with."""

from __future__ import annotations

from formula.issue import Code

BAD_MERGE = Code(
    id="P224",
    title="Cannot be merged so",
    cause="Two or more records of one object are merged, and each field takes the value of one of them.",
    mend="Choose the records and the values anew.",
)
MERGED = Code(
    id="P225",
    title="Merged into another record",
    cause="The record was merged; its id leads to what it became.",
    mend="Change that record.",
)

CODES: tuple[Code, ...] = (BAD_MERGE, MERGED)
