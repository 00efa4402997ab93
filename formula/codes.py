"""The kinds of Issue a formula can have. Ids are never used again for something else.

F0xx is about spelling, F1xx about names, F2xx about types, F3xx about where a formula stands, F4xx are
warnings, F5xx about criteria made of rows. The runtime joins the rooms' `CODES` for the reference page.
"""

from __future__ import annotations

from formula.issue import Code

EMPTY = Code(
    id="F001",
    title="Empty formula",
    cause="There is no expression in the text, or only blanks and comments.",
    mend="Write an expression, or remove the property.",
)
UNEXPECTED = Code(
    id="F002",
    title="Unexpected symbol",
    cause="A symbol stands where the grammar allows none of its kind.",
    mend="Add the operator, comma or value that is missing before it, or remove it.",
)
MISSING = Code(
    id="F003",
    title="Value missing",
    cause="An operator, a comma or a parenthesis is not followed by a value.",
    mend="Write the missing value, or remove the operator.",
)
UNCLOSED = Code(
    id="F004",
    title="Not closed",
    cause="A parenthesis, a quoted text or a comment is opened and never closed.",
    mend="Close it.",
)
UNMATCHED = Code(
    id="F005",
    title="Closed but never opened",
    cause="A closing parenthesis or brace has no opening one.",
    mend="Remove it, or open one earlier.",
)
CHARACTER = Code(
    id="F006",
    title="Character not understood",
    cause="The language has no such character outside of quoted text.",
    mend="Remove it; full-width punctuation is typed in half-width form.",
)
TOO_LONG = Code(
    id="F007",
    title="Number too long",
    cause="Numbers are exact up to 38 significant digits; this one has more.",
    mend="Write the number with fewer digits.",
)
TOO_LARGE = Code(
    id="F008",
    title="Formula too large",
    cause="A formula has at most 20,000 characters and a thousand levels of calls.",
    mend="Move a part of it into a formula field of its own and refer to that.",
)
UNKNOWN_NAME = Code(
    id="F101",
    title="Unknown name",
    cause="No field, link or global has this name where the formula stands, or it may not be read there.",
    mend="Use a name of the object, or a path over a link such as account.name.",
)
UNKNOWN_FUNCTION = Code(
    id="F102",
    title="Unknown function",
    cause="The language has no function of this name.",
    mend="Use a function of the reference page.",
)
UNKNOWN_OPTION = Code(
    id="F103",
    title="Unknown option",
    cause="The picklist has no option with this code.",
    mend="Use one of the picklist's option codes.",
)
UNKNOWN_LINK = Code(
    id="F104",
    title="Unknown link",
    cause="No other object has a link of this name that leads to the record at hand, or it may not be read.",
    mend="Name the other object and its link, such as opportunity.account where accounts are asked for.",
)
WRONG_TYPE = Code(
    id="F201",
    title="Wrong type",
    cause="A function or operator got a value of a type it does not take; text and numbers are never "
    "converted silently.",
    mend="Convert the value, for example with TEXT() or VALUE(), or use another function.",
)
WRONG_COUNT = Code(
    id="F202",
    title="Wrong number of arguments",
    cause="The function takes more or fewer arguments.",
    mend="Compare with the function's signature on the reference page.",
)
MIXED_TYPES = Code(
    id="F203",
    title="Branches of different types",
    cause="All results of IF, CASE and their like share one type, or are null.",
    mend="Convert the branches to one type.",
)
WRONG_RESULT = Code(
    id="F204",
    title="Wrong result type",
    cause="The formula's value has another type than its place wants.",
    mend="Convert the result, or change the type of the field.",
)
NOT_A_LITERAL = Code(
    id="F205",
    title="Option must be written out",
    cause="Picklists are compared with option codes written in the formula, so that they can be checked.",
    mend='Write the option code in quotes, for example ISPICKVAL(stage, "won"), or use TEXT(stage).',
)
NOT_OWN_FIELD = Code(
    id="F206",
    title="Not a field of the record itself",
    cause="Only the record's own fields have an earlier value.",
    mend="Name a field of the record, without a path over a link.",
)
NOT_HERE = Code(
    id="F301",
    title="Not available here",
    cause="The function or global needs something that does not exist in this place, such as the record "
    "before the change, the clock or the user.",
    mend="Move the condition to a place that has it, for example a validation rule.",
)
NULL_COMPARISON = Code(
    id="F401",
    title="Comparison with null",
    cause="A comparison of anything but text with null is null, which counts as false.",
    mend="Use ISBLANK() or NOT(ISBLANK()).",
)
CONSTANT = Code(
    id="F402",
    title="Always or never true",
    cause="A condition has the same outcome for every record, or for every one where its field is not blank: "
    "it compares something with itself, its parts exclude each other, or together they leave nothing out.",
    mend="Compare with a field, or swap AND and OR; what is meant to be so can be left out.",
)
DEAD = Code(
    id="F403",
    title="Never reached",
    cause="The conditions before it already take every record for which it holds.",
    mend="Put the narrower condition first, or change one of them.",
)
REPEATED = Code(
    id="F404",
    title="Stands there twice",
    cause="A condition of one AND or OR, a label of one CASE, or a value of one IN is repeated; only the "
    "first counts.",
    mend="Remove one of them, or change it to what was meant.",
)
BAD_LOGIC = Code(
    id="F501",
    title="Logic not understood",
    cause="The logic joins the numbers of rows by AND, OR and NOT, with parentheses where AND and OR meet.",
    mend="Write it like 1 AND (2 OR 3).",
)
UNKNOWN_ROW = Code(
    id="F502",
    title="No such row",
    cause="The logic names a row that the criteria do not have.",
    mend="Use the numbers of the rows, counted from 1.",
)
UNUSED_ROW = Code(
    id="F503",
    title="Row not used",
    cause="The logic leaves out one of the rows, so that it would have no effect.",
    mend="Add its number to the logic, or remove the row.",
)
WRONG_OPERATOR = Code(
    id="F504",
    title="Operator does not fit",
    cause="Fields of this type are not asked for in this way, or not in this place.",
    mend="Use one of the operators that the type has.",
)
WRONG_VALUE = Code(
    id="F505",
    title="Value does not fit",
    cause="The row has too many or too few values, or one that its field can never have.",
    mend="Give a value of the field's type; blank is asked for by the operators blank and not_blank.",
)

CODES: tuple[Code, ...] = (
    EMPTY,
    UNEXPECTED,
    MISSING,
    UNCLOSED,
    UNMATCHED,
    CHARACTER,
    TOO_LONG,
    TOO_LARGE,
    UNKNOWN_NAME,
    UNKNOWN_FUNCTION,
    UNKNOWN_OPTION,
    UNKNOWN_LINK,
    WRONG_TYPE,
    WRONG_COUNT,
    MIXED_TYPES,
    WRONG_RESULT,
    NOT_A_LITERAL,
    NOT_OWN_FIELD,
    NOT_HERE,
    NULL_COMPARISON,
    CONSTANT,
    DEAD,
    REPEATED,
    BAD_LOGIC,
    UNKNOWN_ROW,
    UNUSED_ROW,
    WRONG_OPERATOR,
    WRONG_VALUE,
)
