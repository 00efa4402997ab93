"""What is asked about records rather than for them: figures, the object's description, a record's history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.query import Bucket
from runtime.api.answers import answer_json
from runtime.api.parameters import aggregate_of, object_of
from runtime.api.records import record_id

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.query import Aggregate
    from runtime.exchange import Exchange


def aggregate_records(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/aggregate: one row per group, in the columns that were asked for."""
    asked = aggregate_of(exchange, object_of(exchange))
    return answer_json({"columns": _columns(asked), "rows": exchange.signed_in.aggregate(asked)})


def describe_object(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/describe: fields and actions, as far as the caller may use them."""
    return answer_json(exchange.signed_in.describe(object_of(exchange).name))


def list_objects(exchange: Exchange) -> Response:
    """GET /api/v1: the objects that the caller may read."""
    session = exchange.signed_in
    objects = exchange.release.catalog.objects.values()
    return answer_json({"objects": [o.name for o in objects if session.may(o, "read")]})


def record_history(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/{id}/history: who changed which of the visible fields, when, from what to what."""
    return answer_json({"changes": exchange.signed_in.history(object_of(exchange), record_id(exchange))})


def _columns(asked: Aggregate) -> list[str]:
    groups = [
        f"{item.path.name}:{item.unit}" if isinstance(item, Bucket) else item.name for item in asked.group
    ]
    measures = [
        f"{item.function}:{item.path.name}" if item.path else item.function for item in asked.measures
    ]
    return [*groups, *measures]
