"""The codes of what can be wrong with a file, with what its columns are said to mean, and with a row."""

from __future__ import annotations

from formula.issue import Code

BAD_FILE = Code(
    id="P340",
    title="File cannot be read",
    cause="It is no table that this program reads, or it is broken.",
    mend="Send CSV or XLSX; save it anew with the program that made it.",
)
FILE_TOO_LARGE = Code(
    id="P341",
    title="File is too large",
    cause="It has more bytes, rows or columns than one import takes.",
    mend="Split the file.",
)
BAD_MAPPING = Code(
    id="P342",
    title="Mapping does not fit",
    cause="A column, object, field or key of the mapping is not there, or not yours to write.",
    mend="Correct the entries that are named.",
)
NOT_FOUND_BY_KEY = Code(
    id="P343",
    title="No such record",
    cause="A cell names a record that there is not, or that one may not see.",
    mend="Correct the name, or import that record first.",
)
AMBIGUOUS = Code(
    id="P344",
    title="Could mean several",
    cause="A cell could mean more than one record or option.",
    mend="Write its id, its number or its code.",
)
NO_RECORD = Code(
    id="P345",
    title="Nothing to update",
    cause="The import only updates, and no record has this key.",
    mend="Correct the key, or let the import create records.",
)
RECORD_EXISTS = Code(
    id="P346",
    title="Is there already",
    cause="The import only creates, and a record has this key.",
    mend="Leave the row out, or let the import update records.",
)
SAME_KEY = Code(
    id="P347",
    title="Key is not unique",
    cause="Several records have the key of this row.",
    mend="Use a key that names one record.",
)
UNKNOWN_MAPPING = Code(
    id="P348",
    title="No such mapping",
    cause="Nobody has saved a mapping of this name.",
    mend="See the list of mappings.",
)

CODES: tuple[Code, ...] = tuple(code for code in tuple(globals().values()) if isinstance(code, Code))
