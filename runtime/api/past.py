"""The past over REST: the change feed, a record as it was, and fields brought back from there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from engine.changes.feed import feed
from engine.changes.past import as_of, bring_back
from engine.problem import Problem
from engine.save.before import missing
from runtime.api.answers import answer_json, entity_tag, record_json
from runtime.api.body import Reason, decoder, read_json
from runtime.api.parameters import object_named, object_of
from runtime.api.records import record_id, version_seen
from runtime.codes import BAD_PARAMETER

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from starlette.responses import Response

    from engine.changes.feed import Told
    from engine.changes.past import AsOf
    from engine.history import Changed
    from runtime.exchange import Exchange

MOST_FIELDS = 500


class BringBack(msgspec.Struct, forbid_unknown_fields=True):
    """The body: the instant, the fields, which version was seen, and why."""

    at: str
    fields: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MOST_FIELDS)]
    version: int | str | None = None
    reason: Reason = ""


_BRING_BACK = decoder(BringBack)


def list_changes(exchange: Exchange) -> Response:
    """GET /api/v1/changes: what happened after the cursor `since`; `object` and `limit` narrow it."""
    query = exchange.query
    name = query.get("object")
    target = object_named(exchange, name) if name is not None else None
    given = query.get("limit", "200")
    limit = int(given[:6]) if given.isascii() and given.isdecimal() else 0
    page = feed(exchange.signed_in, query.get("since"), target=target, limit=limit)
    changes = [told_json(one) for one in page.changes]
    return answer_json({"changes": changes, "next": page.cursor, "more": page.more})


def told_json(one: Told) -> dict[str, Any]:
    """A change of the feed; of a record that is gone without what was changed, by whom and why."""
    about = {
        "object": one.object.name, "id": one.record, "version": one.version, "kind": one.kind, "at": one.at,
        "gone": one.gone,
    }  # fmt: skip
    if (made := one.change_set) is None:
        return about
    fields = [_changed_json(item) for item in one.fields]
    return {
        **about,
        "by": made.actor, "impersonator": made.impersonator, "entry": made.entry, "reason": made.reason,
        "change_set": made.id, "fields": fields,
    }  # fmt: skip


def _changed_json(item: Changed) -> dict[str, Any]:
    told = {"name": item.name, "old": item.old, "new": item.new}
    return {**told, "erased": True} if item.erased else told


def show_past(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/{id}/as-of: the record as it was at the instant `at`."""
    at = instant_of(exchange.query.get("at", ""), exchange.signed_in.actor.zone)
    return answer_json(_past_json(as_of(exchange.signed_in, object_of(exchange), record_id(exchange), at)))


def apply_past(exchange: Exchange) -> Response:
    """POST /api/v1/{object}/{id}/as-of: give fields the values that they had then."""
    body = read_json(exchange, _BRING_BACK)
    session, version = exchange.signed_in, version_seen(exchange, body.version)
    at = instant_of(body.at, session.actor.zone)
    result = bring_back(
        session, object_of(exchange), record_id(exchange), at, body.fields, version=version,
        reason=body.reason,
    )  # fmt: skip
    (record,) = result.records
    if record is None:  # with these values it is out of her sight
        raise missing(object_of(exchange), record_id(exchange))
    return answer_json(record_json(record), headers=entity_tag(record))


def instant_of(text: str, zone: ZoneInfo) -> datetime:
    """An instant from ISO 8601; without an offset in the reader's zone, a bare date is the end of that day.

    Raises `Problem` 400 for what is none.
    """
    try:
        if len(text) == len("2026-01-31"):
            after = datetime.combine(date.fromisoformat(text), time(), zone) + timedelta(days=1)
            return after - timedelta(microseconds=1)
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        message, hint = "“at” is no instant.", "Write it like 2026-01-31T09:30:00Z, or 2026-01-31."
        raise Problem(BAD_PARAMETER, message, status=400, hint=hint) from error


def _past_json(past: AsOf) -> dict[str, Any]:
    return {
        "object": past.object.name,
        "id": past.record,
        "at": past.at,
        "since": past.since,
        "version": past.version,
        "deleted": past.deleted,
        "now": {"version": past.now, "deleted": past.binned},
        "fields": [
            {
                "name": one.field.name,
                "then": one.then,
                "now": one.now,
                "differs": one.differs,
                "lost": one.lost,
            }
            for one in past.fields
        ],
    }
