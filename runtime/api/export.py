"""A list as a file over REST: `?fields=…&where=…&order=…&find=…`, all pages of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.planner import require_right
from engine.rights import EXPORT
from runtime.api.parameters import object_of, query_of
from runtime.export.sheet import answer_csv

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.exchange import Exchange


def export_records(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/export: the records as CSV, with labels in the caller's language."""
    require_right(exchange.signed_in.policy, EXPORT, "export records")
    return answer_csv(exchange, query_of(exchange, object_of(exchange)), exchange.language)
