"""What the API tells of access: why or why not, who can see a record, what other sets would alter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.access import Action
from engine.explanation.explain import explain, person
from engine.explanation.reason import barred, told
from engine.explanation.viewers import viewers
from engine.planner import require_right
from engine.problem import Problem
from engine.rights import SETUP
from runtime.api.answers import answer_json
from runtime.api.parameters import object_named
from runtime.codes import BAD_PARAMETER
from runtime.shift import shifts_of_sets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from engine.explanation.explain import Explanation, FieldGround, Ground
    from engine.explanation.lever import Lever
    from engine.explanation.viewers import Viewer
    from metadata.catalog import Catalog, Field, ObjectType
    from runtime.exchange import Exchange

LONGEST_PAGE = 500


def explain_access(exchange: Exchange) -> Response:
    """GET /api/v1/access/explain: why a user may do something with a record or field, or why not; about
    others with the right `setup`.
    """
    session, given = exchange.signed_in, exchange.query
    target = object_named(exchange, _wanted(exchange, "object"))
    action = given.get("action", Action.READ)
    if action not in list(Action):
        raise _wrong("action", f"{action!r} is none of {', '.join(Action)}")
    found = explain(
        session,
        given.get("user") or session.actor.id or "",
        Action(action),
        target,
        given.get("record") or None,
        _field(exchange, target, given.get("field")),
    )
    return answer_json(explanation_json(found, exchange.release.catalog))


def list_viewers(exchange: Exchange) -> Response:
    """GET /api/v1/access/who: who can see a record, how far and why, by name; needs `setup`."""
    target = object_named(exchange, _wanted(exchange, "object"))
    given = exchange.query
    limit = given.get("limit", "100")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= LONGEST_PAGE):
        raise _wrong("limit", f"a page has 1 to {LONGEST_PAGE} entries")
    found = viewers(
        exchange.signed_in, target, _wanted(exchange, "record"), after=given.get("after"), limit=int(limit)
    )
    listed = [viewer_json(each) for each in found.viewers]
    return answer_json({"users": listed, "total": found.total, "next": found.next})


def preview_access(exchange: Exchange) -> Response:
    """GET /api/v1/access/preview: what a user gains and loses with other permission sets; needs `setup`."""
    session, release = exchange.signed_in, exchange.release
    require_right(session.policy, SETUP, "ask about other people's access")
    her = person(session, _wanted(exchange, "user"))
    more, fewer = (_sets(exchange, name) for name in ("assign", "remove"))
    found = shifts_of_sets(exchange.tenant, release, her.id or "", more, fewer)
    return answer_json({"records": found.records, "fields": found.fields})


def _sets(exchange: Exchange, name: str) -> frozenset[str]:
    """The permission sets of a parameter, between commas."""
    named = frozenset(filter(None, exchange.query.get(name, "").split(",")))
    if unknown := sorted(named - exchange.release.catalog.permission_sets.keys()):
        raise _wrong(name, f"there is no permission set {unknown[0]!r}")
    return named


def explanation_json(found: Explanation, catalog: Catalog) -> dict[str, Any]:
    """An explanation as plain values; its texts are English."""
    return {
        "user": found.user.id,
        "name": found.user.name,
        "action": found.action,
        "object": found.object.name,
        "record": found.record,
        "allowed": found.allowed,
        "obstacles": [
            {"kind": each, "text": str(barred(each, found.object.name))} for each in found.obstacles
        ],
        "grounds": [_ground_json(each) for each in found.grounds],
        "restrictions": [_ground_json(each) for each in found.restrictions],
        "field": _field_json(found.field) if found.field else None,
        "would_change": _levers_json(found.would_change, catalog),
        "together": _levers_json(found.together, catalog),
    }


def viewer_json(viewer: Viewer) -> dict[str, Any]:
    """Somebody who sees a record, as plain values."""
    reasons = dict.fromkeys(str(each.reason) for each in viewer.sources)
    return {"user": viewer.id, "name": viewer.name, "level": viewer.level, "reasons": list(reasons)}


def _ground_json(ground: Ground) -> dict[str, Any]:
    source = ground.source
    return {
        "for": ground.action,
        "kind": source.origin,
        "name": source.name,
        "part_of": list(source.part_of),
        "records": str(ground.words),
        "text": str(source.reason),
        "holds": ground.holds,
    }


def _field_json(ground: FieldGround) -> dict[str, Any]:
    return {
        "name": ground.field.name,
        "right": ground.right,
        "sets": [{"name": name, "right": right} for name, right in ground.sets],
        "hidden": [f"{field.object.name}.{field.name}" for field in ground.hidden],
    }


def _levers_json(levers: Iterable[Lever], catalog: Catalog) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.origin,
            "name": each.name,
            "access": each.access,
            "removes": each.removes,
            "text": str(told(each, catalog)),
        }
        for each in levers
    ]


def _field(exchange: Exchange, target: ObjectType, name: str | None) -> Field | None:
    """The field of this name; one that the asker may not see is as unknown as one that is not there."""
    if not name:
        return None
    session, found = exchange.signed_in, target.fields.get(name)
    known = found is not None and not found.retired
    if found is None or not known or not (session.policy.readable(found) or session.policy.holds(SETUP)):
        raise _wrong("field", f"{target.name} has no field {name!r}")
    return found


def _wanted(exchange: Exchange, name: str) -> str:
    value = exchange.query.get(name)
    if not value:
        raise _wrong(name, "it is missing")
    return value


def _wrong(name: str, what: str) -> Problem:
    return Problem(BAD_PARAMETER, f"The parameter {name}: {what}.", status=400, hint=BAD_PARAMETER.mend)
