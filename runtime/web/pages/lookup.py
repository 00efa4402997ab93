"""The answers to what is typed into a look-up field, as JSON for the script of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from engine.codes import NOT_FOUND
from engine.problem import Problem
from engine.query import Query
from metadata.catalog import FieldPath, Order
from runtime.web.pages.rights import readable
from runtime.web.pages.target import title_of

if TYPE_CHECKING:
    from metadata.catalog import Field
    from runtime.web.pages.visit import Visit

MOST = 20


def find_records(visit: Visit) -> Response:
    """GET /lookup/{object}/{field}?q=words: records that the field may link to, by title."""
    field = _link(visit)
    words = visit.exchange.query.get("q", "").strip()
    options = [{"value": id_, "text": title} for id_, title in candidates(visit, field, words)]
    return Response(msgspec.json.encode({"options": options}), media_type="application/json")


def candidates(visit: Visit, field: Field, words: str = "") -> list[tuple[str, str]]:
    """Ids and titles of records that the field may link to and the reader may see, in the order of titles."""
    target = field.target
    assert target is not None, "only a field that links has candidates"
    path = FieldPath(field=target.title) if target.title and readable(visit.signed_in, target.title) else None
    order = (Order(path=path),) if path else ()
    asked = Query(object=target, fields=(path,) if path else (), order=order, limit=MOST, find=words or None)
    return [(record.id, title_of(record, visit)) for record in visit.signed_in.query(asked).records]


def _link(visit: Visit) -> Field:
    target = visit.exchange.release.catalog.objects.get(visit.exchange.param("object"))
    field = target.field(visit.exchange.param("field")) if target else None
    if field is None or field.target is None or not readable(visit.signed_in, field):
        raise Problem(NOT_FOUND, "There is no such look-up field.", status=404)
    return field
