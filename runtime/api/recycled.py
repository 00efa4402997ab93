"""The recycle bin over REST: what is in it, and removing a record from it for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from engine.changes.bin import recycled
from engine.changes.purge import purge
from engine.codes import STILL_REFERENCED
from engine.problem import Problem
from engine.save.before import missing
from engine.sentence import said
from runtime.api.answers import answer_json
from runtime.api.body import Reason, decoder, read_json
from runtime.api.parameters import object_named, object_of
from runtime.api.records import record_id

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.changes.bin import Binned
    from runtime.exchange import Exchange


class Purge(msgspec.Struct, forbid_unknown_fields=True):
    """The body: why."""

    reason: Reason = ""


_PURGE = decoder(Purge)


def list_recycled(exchange: Exchange) -> Response:
    """GET /api/v1/bin: what was deleted, newest first; `object`, `limit`, and `before`, a `next`."""
    query = exchange.query
    name = query.get("object")
    target = object_named(exchange, name) if name is not None else None
    given = query.get("limit", "50")
    limit = int(given[:6]) if given.isascii() and given.isdecimal() else 0
    page = recycled(exchange.signed_in, target, limit=limit, before=query.get("before"))
    return answer_json({"records": [_json(one) for one in page.records], "next": page.next})


def purge_record(exchange: Exchange) -> Response:
    """POST /api/v1/{object}/{id}/purge: remove a record of the bin for good, and what went in with it."""
    target, record = object_of(exchange), record_id(exchange)
    reason = read_json(exchange, _PURGE).reason if exchange.body else ""
    done = purge(exchange.signed_in, target, [record], reason=reason)
    if done.missing:
        raise missing(target, record)
    if done.held:
        message = said("Other records need this one; remove them first.")
        raise Problem(STILL_REFERENCED, message, status=409, hint=STILL_REFERENCED.mend)
    return answer_json(
        {
            "change_set": done.change_set,
            "records": {each.name: number for each, number in done.records.items()},
        }
    )


def _json(one: Binned) -> dict[str, Any]:
    made = one.change_set
    return {
        "object": one.object.name,
        "id": one.record,
        "title": one.title,
        "deleted_at": one.at,
        "by": made.actor,
        "impersonator": made.impersonator,
        "reason": made.reason,
        "change_set": made.id,
        "along": {each.name: number for each, number in one.along.items()},
    }
