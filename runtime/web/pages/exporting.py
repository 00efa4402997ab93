"""A list as a file: the columns, filters, groups and order that it shows, and all of its pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.planner import require_right
from engine.rights import EXPORT
from runtime.export.sheet import answer_sheet
from runtime.web.pages.listed import listed_of
from runtime.web.pages.target import target_of
from runtime.web.state import parse_state

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.web.pages.listed import Listed
    from runtime.web.pages.visit import Visit


def export_list(visit: Visit) -> Response:
    """GET /o/{object}/export: the state of the list is in the address; folded groups leave, too."""
    require_right(visit.signed_in.policy, EXPORT, "export records")
    state = parse_state(visit.exchange.query.multi_items())
    listed = listed_of(visit, target_of(visit), state.first_page())
    query = replace(listed.query, where=listed.whole, marks=())
    return answer_sheet(visit.exchange, query, visit.reader.language)


def export_address(listed: Listed) -> str:
    """Where the list leaves as a file; "" for who may not take it."""
    if not listed.visit.signed_in.policy.holds(EXPORT):
        return ""
    return f"{listed.address}/export{listed.state.first_page().query()}"
