"""Handing over over REST: what somebody holds, and giving it to others in one change set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from engine.handover import hand_over, held_by
from engine.jobs.desk import queue
from engine.jobs.rework import LARGE, HandOverJob, handed_told
from runtime.api.answers import answer_json
from runtime.api.body import Reason, decoder, read_json
from runtime.api.jobs import accepted
from runtime.handover import offers

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.exchange import Exchange


class HandOver(msgspec.Struct, forbid_unknown_fields=True):
    """The body: who gets each portion, by the names that the preview gives; and why."""

    successors: dict[str, str]
    reason: Reason = ""


_BODY = decoder(HandOver)


def show_hand_over(exchange: Exchange) -> Response:
    """GET /api/v1/user/{id}/hand-over: what she holds; `to`, a user's id, counts what that one would gain."""
    found = offers(
        exchange.tenant, exchange.release, exchange.signed_in, exchange.param("id"),
        {"": exchange.query.get("to", "")},
    )  # fmt: skip
    portions = [
        {
            "name": one.holding.portion.name,
            "what": str(one.holding.portion.what),
            "usual": one.holding.portion.usual,
            "count": one.holding.count,
            "gained": one.gained,
            "examples": [{"id": each.id, "title": each.title()} for each in one.holding.examples],
        }
        for one in found
    ]
    return answer_json({"portions": portions})


def apply_hand_over(exchange: Exchange) -> Response:
    """POST /api/v1/user/{id}/hand-over: give each portion to its new owner; repeat it to go on.

    A large one is a job: 202, and where it stands.
    """
    asked, session, leaver = read_json(exchange, _BODY), exchange.signed_in, exchange.param("id")
    if held_by(session, leaver, asked.successors) >= LARGE:
        subject = {"leaver": leaver, "successors": asked.successors, "reason": asked.reason}
        return accepted(exchange, queue(session, HandOverJob().name, subject, about=asked.reason))
    return answer_json(handed_told(hand_over(session, leaver, asked.successors, reason=asked.reason)))
