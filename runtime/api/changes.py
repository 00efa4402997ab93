"""Change sets over REST: which there were, what taking one back would do, and doing it.

A large set is taken back in several transactions; repeated after it was broken off, the undo goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from engine.changes.ledger import change_set, objects_of, recent
from engine.changes.undo import preview_undo, undo
from engine.jobs.desk import queue
from engine.jobs.rework import LARGE, UndoJob, undone_told
from engine.problem import Problem
from runtime.api.answers import answer_json
from runtime.api.body import Reason, decoder, read_json
from runtime.api.change_shapes import MOST_SETS
from runtime.api.jobs import accepted
from runtime.codes import BAD_PARAMETER

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.changes.ledger import Listed
    from runtime.exchange import Exchange


class Undo(msgspec.Struct, forbid_unknown_fields=True):
    """The body: why."""

    reason: Reason = ""


_UNDO = decoder(Undo)


def list_change_sets(exchange: Exchange) -> Response:
    """GET /api/v1/change-sets: the newest that the caller may see; `before` an id, `limit`, `own=true`."""
    given = exchange.query.get("limit", "50")
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:6]) <= MOST_SETS):
        raise Problem(BAD_PARAMETER, f"limit is a number from 1 to {MOST_SETS}.", status=400)
    found = recent(
        exchange.signed_in, limit=int(given), before=exchange.query.get("before"),
        own=exchange.query.get("own") == "true",
    )  # fmt: skip
    more = found[-1].change_set.id if len(found) == int(given) else None
    return answer_json({"change_sets": [_set_json(one) for one in found], "next": more})


def get_change_set(exchange: Exchange) -> Response:
    """GET /api/v1/change-sets/{id}: one of them, with the number of changes of each object."""
    one = change_set(exchange.signed_in, exchange.param("id"))
    objects = objects_of(exchange.signed_in, one.change_set.id)
    return answer_json({**_set_json(one), "objects": {target.name: n for target, n in objects.items()}})


def show_undo(exchange: Exchange) -> Response:
    """GET /api/v1/change-sets/{id}/undo: what taking it back would do now."""
    one = change_set(exchange.signed_in, exchange.param("id"))
    return answer_json(undone_told(preview_undo(exchange.signed_in, one.change_set.id)))


def apply_undo(exchange: Exchange) -> Response:
    """POST /api/v1/change-sets/{id}/undo: take it back, as far as nobody touched its records since.

    A large one is a job: 202, and where it stands.
    """
    reason = read_json(exchange, _UNDO).reason if exchange.body else ""
    one = change_set(exchange.signed_in, exchange.param("id"))
    if one.changes >= LARGE:
        subject = {"change_set": one.change_set.id, "reason": reason}
        return accepted(exchange, queue(exchange.signed_in, UndoJob().name, subject, about=reason))
    return answer_json(undone_told(undo(exchange.signed_in, one.change_set.id, reason=reason)))


def _set_json(one: Listed) -> dict[str, Any]:
    made = one.change_set
    return {
        "id": made.id,
        "at": made.at,
        "by": made.actor,
        "impersonator": made.impersonator,
        "entry": made.entry,
        "reason": made.reason,
        "subject": made.subject,
        "open": made.open,
        "changes": one.changes,
        "undone": one.undone,
    }
