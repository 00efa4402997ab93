"""A file as a table: heads and rows of cells, whatever program wrote it.

CSV of any encoding and delimiter, and XLSX. Rows come one after the other; of a CSV file never more than one
is in memory. A file that claims to be small and unfolds to gigabytes is refused before it is unfolded. What
the cells mean is for `reading` of each field (`cells.py`).
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Final, TypeAlias

import msgspec

from engine.problem import Problem
from engine.sentence import said
from engine.transfer.codes import BAD_FILE, FILE_TOO_LARGE
from engine.transfer.encoding import encoding_of
from engine.transfer.text import unguarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.transfer.mapping import Form

Cell: TypeAlias = str | Decimal | bool | date | datetime | time | timedelta | None
"""What a cell holds; CSV only has texts. A whole number of a spreadsheet is a Decimal without decimals."""

MOST_BYTES: Final = 100 * 1024 * 1024
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 500
MOST_UNFOLDED: Final = 1024 * 1024 * 1024
"""Bytes of all that an XLSX file unfolds to."""
MOST_FOLDED: Final = 200
"""How many times larger than its file a part of it may be; sheets of one repeated text reach about 100."""
SAMPLE: Final = 64 * 1024
_DELIMITERS: Final = (",", ";", "\t", "|")
_ZIP: Final = b"PK\x03\x04"
_OLD: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """`heads` are all different and none is blank; `form` is how the file was read, with nothing left blank.

    `rows` begins anew whenever it is called. A row is its number in the file, from 1, and its cells, as many
    as there are heads; rows without any cell are left out.
    """

    heads: tuple[str, ...]
    form: Form
    source: Lines | Grid

    def rows(self) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """The rows below the heads. Raises `Problem` for too many."""
        width = len(self.heads)
        for count, (number, cells) in enumerate(_filled(self.source.rows(), self.form.header)):
            if count >= MOST_ROWS:
                raise _too_large("rows", MOST_ROWS)
            held = tuple(cells[:width])
            yield number, held + (None,) * (width - len(held))


def open_table(file: IO[bytes], form: Form) -> Table:
    """The table in a file that can be sought and stays open while it is read.

    Raises `Problem`: no such encoding or sheet, not a table, too large, broken.
    """
    size = file.seek(0, io.SEEK_END)
    if size > MOST_BYTES:
        raise _too_large("bytes", MOST_BYTES)
    file.seek(0)
    start = file.read(4)
    if start == _OLD:
        raise Problem(BAD_FILE, "This is a file of Excel 97 to 2003.", hint="Save it as XLSX or CSV.")
    source = _grid(file, form) if start == _ZIP else _lines(file, form)
    number, head = _head(source, form.header)
    if len(head) > MOST_COLUMNS:
        raise _too_large("columns", MOST_COLUMNS)
    return Table(heads=_heads(head), form=_filled_form(source.form, header=number), source=source)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """A CSV file."""

    file: IO[bytes]
    form: Form

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, self.form.encoding, newline="")
        try:
            for number, cells in enumerate(csv.reader(text, delimiter=self.form.delimiter), 1):
                yield number, [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]
        except (csv.Error, UnicodeDecodeError) as error:
            raise Problem(
                BAD_FILE, said("The file is broken: {why}.", why=str(error)), hint=BAD_FILE.mend
            ) from error
        finally:
            if not self.file.closed:
                text.detach()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """A sheet of a workbook."""

    file: IO[bytes]
    form: Form

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        from python_calamine import CalamineError, CalamineWorkbook

        self.file.seek(0)
        try:
            with CalamineWorkbook.from_filelike(self.file) as book:
                sheet = book.get_sheet_by_name(self.form.sheet)
                for number, cells in enumerate(sheet.iter_rows(), 1):
                    yield number, [_cell(value) for value in cells]
        except (CalamineError, OSError, ValueError) as error:
            raise Problem(
                BAD_FILE, said("The file is broken: {why}.", why=str(error)), hint=BAD_FILE.mend
            ) from error


def _lines(file: IO[bytes], form: Form) -> Lines:
    encoding = encoding_of(file, form.encoding)
    file.seek(0)
    sample = file.read(SAMPLE).decode(encoding, "ignore")
    return Lines(
        file=file, form=_filled_form(form, encoding=encoding, delimiter=form.delimiter or _delimiter(sample))
    )


def _grid(file: IO[bytes], form: Form) -> Grid:
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_bombs(file)
    file.seek(0)
    try:
        with CalamineWorkbook.from_filelike(file) as book:
            names = book.sheet_names
    except (CalamineError, OSError, ValueError) as error:
        raise Problem(BAD_FILE, "This is no workbook.", hint=BAD_FILE.mend) from error
    sheet = form.sheet or next(iter(names), "")
    if sheet not in names:
        message = said("There is no sheet “{sheet}”.", sheet=sheet)
        raise Problem(BAD_FILE, message, hint=", ".join(names[:12]))
    return Grid(file=file, form=_filled_form(form, sheet=sheet))


def _refuse_bombs(file: IO[bytes]) -> None:
    """A workbook is a ZIP file, whose directory says how large each part unfolds."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as folded:
            parts = folded.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Problem(BAD_FILE, "This is no workbook.", hint=BAD_FILE.mend) from error
    if sum(part.file_size for part in parts) > MOST_UNFOLDED or any(
        part.file_size > MOST_FOLDED * max(part.compress_size, SAMPLE) for part in parts
    ):
        raise _too_large("bytes", MOST_UNFOLDED)


def _cell(value: object) -> Cell:
    """A cell of a workbook: exact numbers, no blank texts."""
    match value:
        case bool() | datetime() | date() | time() | timedelta():
            return value
        case int():
            return Decimal(value)
        case float():
            return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))
        case _:
            return str(value) if value not in (None, "") else None


def _filled(rows: Iterable[tuple[int, Sequence[Cell]]], header: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, cells in rows:
        if number > header and any(map(_filled_cell, cells)):
            yield number, cells


def _filled_cell(cell: Cell) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _heads(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Names of columns; one that is blank is called after its place, one that comes again is numbered."""
    heads: dict[str, None] = {}
    for place, cell in enumerate(cells, 1):
        name = " ".join(str(cell).split()) if _filled_cell(cell) else f"#{place}"
        again = 2
        while (fresh := name if again == 2 else f"{name} ({again - 1})") in heads:
            again += 1
        heads[fresh] = None
    return tuple(heads)


def _delimiter(sample: str) -> str:
    """What parts most lines into most cells, in the same number on each."""
    lines = sample.splitlines()[:50]
    if len(lines) > 1:
        lines = lines[:-1] if len(sample) >= SAMPLE else lines

    def fitness(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return (0, 0)
        usual = max(widths, key=widths.count, default=1)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=fitness)


def _head(source: Lines | Grid, header: int) -> tuple[int, Sequence[Cell]]:
    """The row with the heads and its number: the one named, or the first with anything in it."""
    for number, cells in source.rows():
        if number == header or not header:
            if any(map(_filled_cell, cells)):
                return number, cells
            if header:
                break
    message = said("There are no heads in row {row}.", row=header or 1)
    raise Problem(BAD_FILE, message, hint="Say which row holds the names of the columns.")


def _filled_form(form: Form, **found: str | int) -> Form:
    filled: Form = msgspec.structs.replace(form, **found)
    return filled


def _too_large(what: str, most: int) -> Problem:
    message = said("The file has more than {most} {what}.", most=f"{most:,}", what=said(what))
    return Problem(FILE_TOO_LARGE, message, status=413, hint=FILE_TOO_LARGE.mend)
