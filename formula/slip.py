"""What people write out of habit from spreadsheets, other languages and Chinese keyboards, and what is meant.

Only hints, and tokens to read on with; the reporting is `recovery`'s and the checker's.
"""

from __future__ import annotations

import re

_FULL_WIDTH = dict(
    zip("（），＋－＊／＝＜＞！＆｜“”‘’。：｛｝＾；", "(),+-*/=<>!&|\"\"''.:{}^,", strict=True)
)
_TYPES = {"(": "OPEN", ")": "CLOSE", ",": "COMMA", "+": "SIGN", "-": "SIGN"} | dict.fromkeys(
    "*/=<>^", "INFIX"
)
_CHARACTERS = {
    ";": "arguments are parted by commas",
    "%": "write five percent as 0.05",
    "[": "write the name of a field without brackets",
    "]": "write the name of a field without brackets",
    "#": "dates are written DATE(2026, 1, 31)",
}
_SYMBOLS = {"=>": ">=", "=<": "<=", "**": "^", "><": "<>", "<=>": "=", "===": "=="}
_THOUSANDS = re.compile(r",[0-9]{3}(?![0-9])")
_FUNCTIONS = {
    "AVERAGE": "of related records: AVG(object.link, value)",
    "COUNTIF": "of related records: COUNT(object.link, condition)",
    "SUMIF": "of related records: SUM(object.link, value, condition)",
    "CONCATENATE": "write a & b",
    "CONCAT": "write a & b",
    "ISEMPTY": "did you mean ISBLANK?",
    "ISNOTBLANK": "write NOT(ISBLANK(…))",
    "LENGTH": "did you mean LEN?",
    "SUBSTRING": "did you mean MID?",
    "REPLACE": "did you mean SUBSTITUTE?",
    "DATEDIFF": "write end - start, which is days",
    "DATEADD": "write date + days, or ADDMONTHS(date, months)",
    "EDATE": "did you mean ADDMONTHS?",
    "SWITCH": "did you mean CASE?",
    "COALESCE": "did you mean BLANKVALUE?",
    "CEIL": "did you mean CEILING?",
    "POWER": "write a ^ b",
    "TRUE": "write true",
    "FALSE": "write false",
    "NULL": "write null",
}
_WORDS = {"yes": "true", "no": "false", "none": "null", "nil": "null", "empty": "null"}


def character(written: str) -> tuple[str, str, str]:
    """For a character without meaning: a hint, and the type and text of the token to read in its place.

    Each is "" where there is none.
    """
    half = _FULL_WIDTH.get(written, "")
    meant = "," if written == ";" else half
    hint = f"type {half} in half-width form" if half else _CHARACTERS.get(written, "")
    return hint, _TYPES.get(meant, ""), meant


def symbol(left: str, right: str) -> str:
    """The operator meant by two symbols side by side, such as `=>`; "" for others."""
    return _SYMBOLS.get(left + right, "")


def comma(text: str, at: int) -> str:
    """A hint for a comma outside of a function at this place: perhaps it parts thousands."""
    parts = at > 0 and text[at - 1].isdigit() and _THOUSANDS.match(text, at) is not None
    return "write numbers without separators of thousands" if parts else ""


def function(name: str) -> str:
    """A hint for a function that other languages have; "" for others."""
    return _FUNCTIONS.get(name.upper(), "")


def word(name: str) -> str:
    """A hint for a word that other languages have as a constant; "" for others."""
    meant = _WORDS.get(name.lower(), "")
    return f"write {meant}" if meant else ""
