"""A field's value as the text of a file: one function per field type, chosen by the type's class.

Numbers are plain and exact, days and instants ISO 8601, options and links what people read. A computed field
is written as the type it returns. What is written so can be imported again (`cells.py`), and where it cannot
tell everything, as with formatted text, an import leaves alone what reads the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import singledispatch
from typing import TYPE_CHECKING, Any, cast

from engine.fields.any_lookup import AnyLookup
from engine.fields.boolean import Boolean
from engine.fields.composite import Composite
from engine.fields.computed import Computed
from engine.fields.date import Date
from engine.fields.datetime import DateTime
from engine.fields.duration import Duration, written
from engine.fields.file import FileField, name_of
from engine.fields.file import id_of as file_of
from engine.fields.lookup import Lookup
from engine.fields.many import Many
from engine.fields.many_to_many import ManyToMany
from engine.fields.numeric import Numeric
from engine.fields.percent import Percent
from engine.fields.picklist import Picklist
from engine.fields.rich_text import RichText, plain
from engine.fields.time import Time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import time
    from zoneinfo import ZoneInfo

    from engine.fields.contract import FieldType
    from engine.record import Record
    from metadata.catalog import Field, FieldPath

_PARTING = re.compile(r"[;；]")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What formulas begin with, in full width too, as spreadsheets in Chinese and Japanese take it (OWASP, "CSV
Injection")."""
BETWEEN = "; "
"""What stands between the values of a list."""


def guarded(told: str) -> str:
    """A text for a file that spreadsheets open: one that they would take for a formula gets an apostrophe.

    So does one that begins with apostrophes and then a formula, so that `unguarded` brings every text back.
    """
    return f"'{told}" if told.lstrip("'").startswith(FORMULA) else told


def unguarded(told: str) -> str:
    """The text that `guarded` made this of."""
    return told[1:] if told.startswith("'") and told.lstrip("'").startswith(FORMULA) else told


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A value with what its type may need: titles of what links lead to, the reader's language and zone."""

    value: Any
    field: Field
    title: str | None
    titles: tuple[str | None, ...]
    language: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The text of a value; `number` says that it is one, and so cannot be a formula of a spreadsheet.

    `value` is a day, an instant in the reader's zone or a truth value, as a workbook keeps them.
    """

    text: str
    number: bool = False
    value: Any = None


def cell_of(path: FieldPath, record: Record, language: str, zone: ZoneInfo) -> Cell:
    """The cell for a path of a record that was fetched with it."""
    values = record.values
    value = values.get(path.name)
    if value is None:
        return Cell(text="")
    if path.part:
        number = isinstance(value, Decimal)
        return Cell(text=_plain(value) if number else str(value), number=number)
    told = Told(
        value=value, field=path.field, title=values.get(f"{path.name}.title"),
        titles=values.get(f"{path.name}.titles") or (), language=language, zone=zone,
    )  # fmt: skip
    sort = cast("FieldType", path.field.sort)
    sort = sort.returns if isinstance(sort, Computed) else sort
    return Cell(text=text(sort, told), number=_numeric(sort), value=_native(value, zone))


def _numeric(sort: FieldType) -> bool:
    """Whether the text is a number; that of a duration is hours and minutes."""
    return isinstance(sort, Numeric) and not isinstance(sort, Duration)


def code_of(path: FieldPath, record: Record, zone: ZoneInfo) -> Cell:
    """The cell for programs: codes of options, ids of records, the rest as for people."""
    value = record.values.get(path.name)
    sort = cast("FieldType", path.field.sort)
    held = sort.element or sort
    if value is None or path.part or not (held.option_codes or held.target or held.targets):
        return cell_of(path, record, "", zone)
    parts = value if sort.many else (value,)
    return Cell(text=_joined(map(str, parts)))


def _native(value: object, zone: ZoneInfo) -> object:
    """What a workbook keeps as it is: not an instant finer than seconds, or of an hour that comes twice."""
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        exact = not local.microsecond and not _twice(local)
        return local.replace(tzinfo=None) if exact else None
    return value if isinstance(value, bool | date) else None


def _twice(local: datetime) -> bool:
    """Whether the clocks of the day show this hour twice, as they are put back."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


@singledispatch
def text(sort: FieldType, told: Told) -> str:  # noqa: ARG001  (dispatched on)
    """The text of a value that is not None."""
    return str(told.value)


@text.register(Numeric)
def _(sort: Numeric, told: Told) -> str:  # noqa: ARG001
    return _plain(told.value)


@text.register(Percent)
def _(sort: Percent, told: Told) -> str:  # noqa: ARG001
    return _plain(told.value * 100)


@text.register(Boolean)
def _(sort: Boolean, told: Told) -> str:  # noqa: ARG001
    return "TRUE" if told.value else "FALSE"


@text.register(Date)
def _(sort: Date, told: Told) -> str:  # noqa: ARG001
    return cast("date", told.value).isoformat()


@text.register(DateTime)
def _(sort: DateTime, told: Told) -> str:  # noqa: ARG001
    local = cast("datetime", told.value).astimezone(told.zone)
    # An hour that comes twice, when clocks are put back, needs its offset to be told apart.
    return (local if _twice(local) else local.replace(tzinfo=None)).isoformat(" ")


@text.register(Time)
def _(sort: Time, told: Told) -> str:  # noqa: ARG001
    return cast("time", told.value).isoformat()


@text.register(Duration)
def _(sort: Duration, told: Told) -> str:  # noqa: ARG001
    return written(told.value)


@text.register(Picklist)
def _(sort: Picklist, told: Told) -> str:  # noqa: ARG001
    option = told.field.option(str(told.value))
    return option.label.text(told.language) if option is not None else str(told.value)


@text.register(Lookup)
@text.register(AnyLookup)
def _(sort: FieldType, told: Told) -> str:  # noqa: ARG001
    return told.title or ""


@text.register(RichText)
def _(sort: RichText, told: Told) -> str:  # noqa: ARG001
    return plain(str(told.value))


@text.register(Composite)
def _(sort: Composite, told: Told) -> str:
    return sort.line(told.value)


@text.register(FileField)
def _(sort: FileField, told: Told) -> str:  # noqa: ARG001
    """The name for people, the id for who reads the file in again."""
    return f"{name_of(told.value)} ({file_of(told.value)})"


@text.register(Many)
def _(sort: Many, told: Told) -> str:
    return _joined(text(sort.of, replace(told, value=value)) for value in told.value)


@text.register(ManyToMany)
def _(sort: ManyToMany, told: Told) -> str:  # noqa: ARG001
    return _joined(title or "" for title in told.titles)


def _joined(texts: Iterable[str]) -> str:
    """The values in one line; where one of them holds what parts them, each in a line of its own."""
    held = list(filter(None, texts))
    return "".join(f"{each}\n" for each in held) if any(map(_PARTING.search, held)) else BETWEEN.join(held)


def _plain(value: Decimal) -> str:
    """A number without grouping, exponent or needless zeros."""
    found = f"{value:f}"
    return found.rstrip("0").rstrip(".") if "." in found else found
