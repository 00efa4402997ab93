"""A list as it leaves: its columns with their heads, and the formats in which rows of them are written.

A format turns pages of records into pieces of bytes: CSV (RFC 4180, UTF-8 with the mark that spreadsheets ask
for), XLSX, and NDJSON, one record of the API a line. With `plain` heads are the API's names and options their
codes, for programs; else all is written for people. Called by the page of a list, the API, jobs and the
command.
"""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any, Final

import msgspec

from engine.problem import Problem
from engine.sentence import said
from engine.transfer.codes import FILE_TOO_LARGE
from engine.transfer.text import Cell, cell_of, code_of, guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from engine.record import Record
    from metadata.catalog import FieldPath

MARK: Final = b"\xef\xbb\xbf"
PIECE: Final = 256 * 1024
LONGEST: Final = 32_767
"""Characters that a cell of a workbook holds."""
MOST: Final = 1_048_575
"""Rows that a sheet holds below its heads."""
_EXACT: Final = 15
"""Digits that a number of a workbook, which is a double, keeps."""
_FIRST: Final = 1900
"""The year in which days of a workbook begin."""
_JSON: Final = msgspec.json.Encoder(decimal_format="number")


class Format(StrEnum):
    """How a file is written; its name ends so."""

    CSV = "csv"
    XLSX = "xlsx"
    NDJSON = "ndjson"

    @property
    def media_type(self) -> str:
        """As RFC 6838 names it."""
        return _MEDIA[self]


_MEDIA: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.NDJSON: "application/x-ndjson",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The columns of a list, for a reader of this language in this zone, or `plain` for a program."""

    paths: tuple[FieldPath, ...]
    language: str
    zone: ZoneInfo
    plain: bool = False

    def heads(self) -> list[str]:
        """What the columns are called: the field, after the record it belongs to when that is another."""
        if self.plain:
            return [path.name for path in self.paths]
        return [
            " · ".join(field.label.text(self.language) for field in (*path.links, path.field))
            for path in self.paths
        ]

    def row(self, record: Record) -> list[Cell]:
        """The cells of one record."""
        if self.plain:
            return [code_of(path, record, self.zone) for path in self.paths]
        return [cell_of(path, record, self.language, self.zone) for path in self.paths]


def written(sheet: Sheet, form: Format, pages: Iterable[tuple[Record, ...]]) -> Iterator[bytes]:
    """The file in pieces. Raises `Problem` where a workbook cannot hold it."""
    match form:
        case Format.CSV:
            return as_csv(sheet, pages)
        case Format.NDJSON:
            return as_ndjson(pages)
        case Format.XLSX:
            return as_xlsx(sheet, pages)


def as_csv(sheet: Sheet, pages: Iterable[tuple[Record, ...]]) -> Iterator[bytes]:
    """The sheet as CSV, a piece for each page."""
    yield MARK + _lines([[Cell(text=head) for head in sheet.heads()]])
    for page in pages:
        yield _lines(map(sheet.row, page))


def as_ndjson(pages: Iterable[tuple[Record, ...]]) -> Iterator[bytes]:
    """Each record as the API shows it, in a line of its own."""
    for page in pages:
        yield b"".join(_JSON.encode({"id": record.id, **record.json()}) + b"\n" for record in page)


def as_xlsx(sheet: Sheet, pages: Iterable[tuple[Record, ...]]) -> Iterator[bytes]:
    """The sheet as a workbook, which is made in a file and then read: a ZIP ends with its directory."""
    with tempfile.TemporaryFile() as file:
        _fill(file, sheet, pages)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _fill(file: IO[bytes], sheet: Sheet, pages: Iterable[tuple[Record, ...]]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    try:
        forms: dict[type, Any] = {date: book.add_format({"num_format": "yyyy-mm-dd"})}
        forms[datetime] = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        grid = book.add_worksheet()
        for place, head in enumerate(sheet.heads()):
            grid.write_string(0, place, head[:LONGEST])
        number = 0
        for page in pages:
            for record in page:
                number += 1
                if number > MOST:
                    raise _too_large(said("A sheet of a workbook holds {most} rows.", most=f"{MOST:,}"))
                _write(grid, number, sheet.row(record), forms)
    finally:
        book.close()


def _write(grid: Any, number: int, cells: list[Cell], forms: dict[type, Any]) -> None:
    for place, cell in enumerate(cells):
        value = cell.value
        if cell.number and len(cell.text.strip("-").replace(".", "").lstrip("0")) <= _EXACT:
            grid.write_number(number, place, float(cell.text))
        elif isinstance(value, bool):
            grid.write_boolean(number, place, value)
        elif isinstance(value, date | datetime) and value.year > _FIRST:
            grid.write_datetime(number, place, value, forms[type(value)])
        elif cell.text:
            if len(cell.text) > LONGEST:
                raise _too_large(said("A cell of a workbook holds {most} characters.", most=f"{LONGEST:,}"))
            grid.write_string(number, place, cell.text)


def _lines(rows: Iterable[list[Cell]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _safe(cell: Cell) -> str:
    return cell.text if cell.number else guarded(cell.text)


def _too_large(message: str) -> Problem:
    return Problem(FILE_TOO_LARGE, message, status=422, hint="Export it as CSV.")
