"""What may be the same as the record in a form, asked while it is typed: the save would say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from engine.problem import Problem
from runtime.web.pages.form import posted_form
from runtime.web.pages.rights import require
from runtime.web.pages.target import target_of
from runtime.web.pages.twins import twins

if TYPE_CHECKING:
    from runtime.web.pages.visit import Visit


def show_duplicates(visit: Visit) -> Response:
    """POST /o/{object}/new/duplicates: the list for what is typed so far, or nothing."""
    target = target_of(visit)
    require(visit.signed_in, target, "create")
    filled = posted_form(visit, target, None)
    try:
        found = visit.signed_in.preview(target, None, filled.values(), copied_from=filled.copied_from or None)
    except Problem as problem:
        if problem.status not in (403, 404):
            raise
        return Response(status_code=204)
    body = twins(visit, target, [match.json(0) for match in found.matches])
    return visit.answer(body) if body else Response("", media_type="text/html")
