"""What an address answers whose record was merged into another one: the way to that one.

Reading goes on there (308, RFC 9110, section 15.4.9). A change is refused: whoever made it looked at another
record, and is told which one it became. Both only to those who may see that one, to all others the record is
missing.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from starlette.responses import Response

from engine.ids import canonical_id
from engine.merging.codes import MERGED
from engine.merging.redirect import survivor_of
from engine.problem import Problem
from engine.sentence import said

if TYPE_CHECKING:
    from runtime.exchange import Exchange, Handler


def following(handler: Handler) -> Handler:
    """The handler of an address of one record; an old id leads on."""

    @wraps(handler)
    def follow(exchange: Exchange) -> Response:
        try:
            return handler(exchange)
        except Problem as problem:
            survivor = merged_into(exchange) if problem.status == 404 else None
            if survivor is None:
                raise
            if exchange.request.method in ("GET", "HEAD"):
                return Response(status_code=308, headers={"Location": address_of(exchange, survivor)})
            message = said("The record was merged into {survivor}.", survivor=survivor)
            raise Problem(
                MERGED, message, status=409, hint=MERGED.mend, data={"survivor": survivor}
            ) from problem

    return follow


def merged_into(exchange: Exchange) -> str | None:
    """The id of what the record in the path was merged into, if the visitor may see that."""
    given = exchange.request.path_params
    target = exchange.release.catalog.objects.get(str(given.get("object", "")))
    record = canonical_id(str(given.get("id", "")))
    if target is None or record is None or exchange.session is None or target.query or target.retired:
        return None
    if not exchange.session.policy.reads(target):
        return None
    return survivor_of(exchange.session, target, record)


def address_of(exchange: Exchange, survivor: str) -> str:
    """The address of this request with the id of the survivor."""
    url = exchange.request.url
    path = url.path.replace(f"/{exchange.param('id')}", f"/{survivor}", 1)
    return f"{path}?{url.query}" if url.query else path
