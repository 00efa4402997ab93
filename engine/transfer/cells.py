"""What a cell of a file means to a field: one function per kind of field, chosen by the type's class.

Beside what the API takes, files hold what people read: labels of options in any language, numbers and days as
their country writes them, currency signs, numbers of spreadsheets in text fields. What a file leaves open – a
label of two options, a day that may be a month – is refused and never guessed. Links are not read here but
looked up (`find.py`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import singledispatch
from typing import TYPE_CHECKING, Any, cast

from engine.codes import NOT_A_BOOLEAN, NOT_A_DATE
from engine.fields.boolean import Boolean
from engine.fields.composite import Composite
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.many import Many
from engine.fields.numeric import Numeric
from engine.fields.picklist import Picklist
from engine.fields.time import Time
from engine.problem import Refusal
from engine.transfer.codes import AMBIGUOUS

if TYPE_CHECKING:
    from engine.fields.contract import FieldType
    from engine.transfer.table import Cell
    from metadata.catalog import Field

COMMA = frozenset(
    {"de", "fr", "es", "it", "pt", "nl", "ru", "pl", "cs", "da", "fi", "nb", "sv", "tr", "id", "vi"}
)
"""Languages that write a decimal comma and group by points or blanks (CLDR, numbers)."""
_MONTH_FIRST = frozenset({"en-us", "en"})
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_WORDED = re.compile(r"(?:([A-Za-z]{3,9})\.? (\d{1,2})|(\d{1,2})[- ]([A-Za-z]{3,9})\.?),?[- ](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = re.compile(r"(.*\d{4})[ T]+(\d{1,2}:\d{2}.*)")
_TRUE = frozenset({"wahr", "ja", "vrai", "oui", "verdadero", "sí", "si", "sim", "x", "✓", "✔", "真", "有"})
_FALSE = frozenset({"falsch", "nein", "faux", "non", "falso", "não", "-", "✗", "✘", "假", "无", "無"})
_LISTED = re.compile(r"[;；]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """How a file writes: the `language` of its numbers and first of its labels; see `ImportMapping`."""

    language: str
    day_first: bool | None

    @property
    def comma(self) -> bool:
        """Whether decimals stand behind a comma."""
        return self.language.split("-")[0] in COMMA


def meant(field: Field, cell: Cell, tongue: Tongue) -> Any:
    """What to give to the save for a cell that is not blank. Raises `Refusal`."""
    return read(cast("FieldType", field.sort), field, cell, tongue)


@singledispatch
def read(sort: FieldType, field: Field, cell: Any, tongue: Tongue) -> Any:  # noqa: ARG001  (dispatched on)
    """The cell as the type takes it: texts as they are, numbers of spreadsheets as one writes them."""
    return written(cell)


def written(cell: Cell) -> str:
    """A cell as text: whole numbers without decimals, days in ISO 8601."""
    match cell:
        case str():
            return cell
        case Decimal():
            return f"{cell:f}"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case bool():
            return "TRUE" if cell else "FALSE"
        case _:
            return str(cell)


@read.register(Numeric)
def _(sort: Numeric, field: Field, cell: Any, tongue: Tongue) -> Any:  # noqa: ARG001
    if not isinstance(cell, str):
        return cell.total_seconds() if isinstance(cell, timedelta) else cell
    return number(cell, comma=tongue.comma)


def number(text: str, *, comma: bool) -> str:
    """A number as a program writes it: without currency signs, `(5)` as -5, behind a point what is behind a
    comma.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Sc").strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    if comma:
        bare = re.sub(r"(?<=\d)[.\s'](?=\d{3})", "", bare).replace(",", ".")
    return re.sub(r"(?<=\d)[\s'](?=\d{3})", "", bare)


@read.register(Boolean)
def _(sort: Boolean, field: Field, cell: Any, tongue: Tongue) -> Any:  # noqa: ARG001
    if not isinstance(cell, str):
        return bool(cell) if isinstance(cell, bool) or cell in (0, 1) else cell
    word = cell.strip().casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    try:
        return sort.convert(cell)
    except Refusal as refusal:
        raise Refusal(NOT_A_BOOLEAN, refusal.message, "Write TRUE or FALSE.") from refusal


@read.register(Date)
def _(sort: Date, field: Field, cell: Any, tongue: Tongue) -> Any:  # noqa: ARG001
    return day(cell, tongue) if isinstance(cell, str) else cell


@read.register(DateTime)
def _(sort: DateTime, field: Field, cell: Any, tongue: Tongue) -> Any:  # noqa: ARG001
    if not isinstance(cell, str):
        return cell
    text = unicodedata.normalize("NFKC", cell).strip()
    found = _CLOCK.fullmatch(text)
    first, clock = (found[1], f" {_padded(found[2])}") if found else (text, "")
    read_day = day(first, tongue)
    return f"{read_day}{clock}" if read_day != first or found else cell


def _padded(clock: str) -> str:
    return clock if clock[1] != ":" else f"0{clock}"


@read.register(Time)
def _(sort: Time, field: Field, cell: Any, tongue: Tongue) -> Any:  # noqa: ARG001
    return cell.time() if isinstance(cell, datetime) else cell


def day(text: str, tongue: Tongue) -> str:
    """A day with its year first, where it is written otherwise and can mean one day only; else the text
    itself.

    Raises `Refusal`: it may be the third of April or the fourth of March.
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    if found := _DOTTED.fullmatch(bare):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    if found := _WORDED.fullmatch(bare):
        word = (found[1] or found[4])[:3].lower()
        if word in _MONTHS:
            return f"{found[5]}-{_MONTHS.index(word) + 1:02}-{int(found[2] or found[3]):02}"
    if found := _SLASHED.fullmatch(bare):
        one, two = int(found[1]), int(found[2])
        first = _day_first(one, two, tongue)
        if first is None:
            hint = "Say which comes first in the options of the import, or write it like 2026-01-31."
            raise Refusal(NOT_A_DATE, "“{raw}” may be day and month, or month and day.", hint, raw=text)
        return f"{found[3]}-{two if first else one:02}-{one if first else two:02}"
    return text


def _day_first(one: int, two: int, tongue: Tongue) -> bool | None:
    if one == two or one > 12 or two > 12:
        return one > 12
    if tongue.day_first is not None:
        return tongue.day_first
    language = tongue.language.lower()
    if not language or language.startswith("zh"):
        return None
    return language not in _MONTH_FIRST


@read.register(Picklist)
def _(sort: Picklist, field: Field, cell: Any, tongue: Tongue) -> Any:
    text = written(cell).strip()
    if text in sort.codes:
        return text
    return _coded(field, text, tongue.language) or text


def _coded(field: Field, text: str, language: str) -> str | None:
    """The code of the option that a label means: in the file's language first, then in any."""
    wanted = _folded(text)
    own = {o.code for o in field.options if language and _folded(o.label.text(language)) == wanted}
    found = own or {o.code for o in field.options if wanted in map(_folded, o.label.texts.values())}
    if len(found) > 1:
        message = "“{raw}” may mean {options}."
        raise Refusal(AMBIGUOUS, message, AMBIGUOUS.mend, raw=text, options=", ".join(sorted(found)))
    if not found:
        found = {code for code in (o.code for o in field.options) if _folded(code) == wanted}
    return next(iter(found), None)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


@read.register(Many)
def _(sort: Many, field: Field, cell: Any, tongue: Tongue) -> Any:
    return [read(sort.of, field, part, tongue) for part in listed(cell)]


def listed(cell: Cell) -> list[Cell]:
    """The values of a list: one in each line, or else parted by semicolons."""
    if not isinstance(cell, str):
        return [cell]
    parts = cell.splitlines() if "\n" in cell or "\r" in cell else _LISTED.split(cell)
    return [part.strip() for part in parts if part.strip()]


@read.register(Composite)
def _(sort: Composite, field: Field, cell: Any, tongue: Tongue) -> Any:  # noqa: ARG001
    return written(cell)
