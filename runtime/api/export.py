"""A list as a file over REST: `?fields=…&where=…&order=…&find=…`, all pages of it, at once or as a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from engine.planner import require_right
from engine.rights import EXPORT
from runtime.api.body import decoder, read_json
from runtime.api.jobs import accepted
from runtime.api.parameters import object_of
from runtime.export.job import form_of, names_of, start_export
from runtime.export.sheet import answer_sheet
from runtime.question import Question

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.exchange import Exchange


class Export(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The body: what is asked, as the parameters of a list ask it, and how the file is written."""

    fields: str = ""
    where: str = ""
    order: str = ""
    find: str = ""
    format: str = "csv"
    names: str = "label"


_BODY = decoder(Export)


def export_records(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/export: `format` csv, xlsx or ndjson; `names` label (in the caller's language) or
    api.
    """
    require_right(exchange.signed_in.policy, EXPORT, "export records")
    target = object_of(exchange)
    given = dict(exchange.query)
    form, names = form_of(given.pop("format", "csv")), names_of(given.pop("names", "label"))
    query = Question(session=exchange.signed_in, target=target, given=given).query()
    return answer_sheet(exchange, query, exchange.language, form, plain=names == "api")


def queue_export(exchange: Exchange) -> Response:
    """POST /api/v1/{object}/export: the same as a job, whose file waits to be fetched; answers 202."""
    asked = read_json(exchange, _BODY)
    given = {name: text for name in ("fields", "where", "order", "find") if (text := getattr(asked, name))}
    session, name = exchange.signed_in, object_of(exchange).name
    return accepted(
        exchange, start_export(session, name, given, asked.format, asked.names, exchange.language)
    )
