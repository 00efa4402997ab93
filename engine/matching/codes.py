"""The codes of refusals by rules against duplicates; see `engine/codes.py`."""

from formula.issue import Code

POSSIBLE_DUPLICATE = Code(
    id="P226",
    title="It may exist already",
    cause="Another record may be the same thing; a rule of the object compares them.",
    mend="Open the record that exists, or save all the same.",
)
DUPLICATE = Code(
    id="P227",
    title="It exists already",
    cause="Another record is the same thing, by a rule of the object that lets nobody make a second one.",
    mend="Open the record that exists.",
)

CODES: tuple[Code, ...] = (POSSIBLE_DUPLICATE, DUPLICATE)
