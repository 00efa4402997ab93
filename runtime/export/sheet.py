"""A list as a download: streamed page by page in the format that was asked for, or as a job with a file."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import StreamingResponse

from engine.export import exported
from engine.transfer.sheet import Format, Sheet, written

if TYPE_CHECKING:
    from engine.query import Query
    from runtime.exchange import Exchange, Response


def answer_sheet(
    exchange: Exchange, query: Query, language: str, form: Format = Format.CSV, *, plain: bool = False
) -> Response:
    """The list of a query as a download; raises Problem before anything leaves."""
    session = exchange.signed_in
    pages = exported(session, query, exchange.tenant.gate.ids(), exchange.now)
    first = next(pages)
    sheet = Sheet(paths=query.fields, language=language, zone=session.actor.zone, plain=plain)
    day = f"{exchange.now.astimezone(session.actor.zone):%Y-%m-%d}"
    name = f"{query.object.plural.text(language)} {day}.{form}"
    pieces = written(sheet, form, chain((first,), pages))
    begun = next(pieces, b"")  # a workbook is refused before anything leaves
    return StreamingResponse(
        chain((begun,), pieces), media_type=form.media_type,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
                 "Cache-Control": "no-store"},
    )  # fmt: skip
