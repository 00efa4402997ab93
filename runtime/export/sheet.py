"""A list as it leaves: its columns with their heads, and the streams of the formats.

A format is a function from rows of cells to pieces of bytes; so far there is CSV (RFC 4180, UTF-8 with the
mark that spreadsheets ask for). A text that a spreadsheet would take for a formula gets an apostrophe in
front (OWASP, "CSV Injection"). Called by the page of a list and by the API.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.responses import StreamingResponse

from engine.export import exported
from engine.transfer.text import Cell, cell_of, guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from engine.query import Query
    from engine.record import Record
    from metadata.catalog import FieldPath
    from runtime.exchange import Exchange, Response

MARK: Final = b"\xef\xbb\xbf"
CSV: Final = "text/csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The columns of a list, for a reader of this language in this zone."""

    paths: tuple[FieldPath, ...]
    language: str
    zone: ZoneInfo

    def heads(self) -> list[Cell]:
        """What the columns are called: the field, after the record it belongs to when that is another."""
        return [
            Cell(text=" · ".join(field.label.text(self.language) for field in (*path.links, path.field)))
            for path in self.paths
        ]

    def row(self, record: Record) -> list[Cell]:
        """The cells of one record."""
        return [cell_of(path, record, self.language, self.zone) for path in self.paths]


def as_csv(sheet: Sheet, pages: Iterable[tuple[Record, ...]]) -> Iterator[bytes]:
    """The sheet as CSV, a piece for each page."""
    yield MARK + _lines([sheet.heads()])
    for page in pages:
        yield _lines(map(sheet.row, page))


def answer_csv(exchange: Exchange, query: Query, language: str) -> Response:
    """The list of a query as a download; raises Problem before anything leaves."""
    session = exchange.signed_in
    pages = exported(session, query, exchange.tenant.gate.ids(), exchange.now)
    first = next(pages)
    sheet = Sheet(paths=query.fields, language=language, zone=session.actor.zone)
    name = f"{query.object.plural.text(language)} {exchange.now.astimezone(session.actor.zone):%Y-%m-%d}.csv"
    return StreamingResponse(
        as_csv(sheet, chain((first,), pages)), media_type=f"{CSV}; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
                 "Cache-Control": "no-store"},
    )  # fmt: skip


def _lines(rows: Iterable[list[Cell]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _safe(cell: Cell) -> str:
    return cell.text if cell.number else guarded(cell.text)
