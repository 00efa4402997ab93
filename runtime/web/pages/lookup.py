"""The answers to what is typed into a look-up field, as JSON for the script of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from engine.codes import NOT_FOUND
from engine.pointing import pointing
from engine.problem import Problem
from engine.query import Query
from engine.search.reach import search
from metadata.catalog import FieldPath, Order
from runtime.web.pages.rights import may, readable
from runtime.web.pages.target import title_of

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType
    from runtime.web.pages.visit import Visit

MOST = 20
EACH = 5
"""Records of each object, where a field links to several and none is chosen."""


def find_records(visit: Visit) -> Response:
    """GET /lookup/{object}/{field}?q=words: records that the field may link to, by title.

    `in` names the object to look among, where the field links to several.
    """
    field = _link(visit)
    words, among = visit.exchange.query.get("q", "").strip(), visit.exchange.query.get("in", "")
    if field.others:
        targets = _targets(visit, field, among)
        options = [option for target in targets for option in _of(visit, field, target, words, among)]
    else:
        options = [{"value": id_, "text": title} for id_, title in candidates(visit, field, words)]
    return Response(msgspec.json.encode({"options": options}), media_type="application/json")


def candidates(visit: Visit, field: Field, words: str = "") -> list[tuple[str, str]]:
    """Ids and titles of records that the field may link to and the reader may see.

    The best first if there are words, else in the order of titles.
    """
    target = field.target or field.members
    assert target is not None, "only a field that links has candidates"
    return _found(visit, target, words, MOST)


def _found(visit: Visit, target: ObjectType, words: str, limit: int) -> list[tuple[str, str]]:
    if words:
        groups = search(visit.signed_in, words, (target,), limit).groups
        return [(each.record.id, title_of(each.record, visit)) for _, found in groups for each in found]
    path = FieldPath(field=target.title) if target.title and readable(visit.signed_in, target.title) else None
    order = (Order(path=path),) if path else ()
    asked = Query(object=target, fields=(path,) if path else (), order=order, limit=limit)
    return [(record.id, title_of(record, visit)) for record in visit.signed_in.query(asked).records]


def _targets(visit: Visit, field: Field, among: str) -> tuple[ObjectType, ...]:
    """The objects to look among: the one that is named, else all that the reader may see."""
    seen = tuple(one for one in field.others if not one.retired and may(visit.signed_in, one, "read"))
    return tuple(one for one in seen if one.name == among) or seen


def _of(visit: Visit, field: Field, target: ObjectType, words: str, among: str) -> list[dict[str, str]]:
    """Options that lead to records of one of several objects, each with the object's name as a note."""
    label = target.label.text(visit.reader.language)
    found = _found(visit, target, words, MOST if among else EACH)
    return [{"value": pointing(field, target, id_), "text": title, "note": label} for id_, title in found]


def _link(visit: Visit) -> Field:
    target = visit.exchange.release.catalog.objects.get(visit.exchange.param("object"))
    field = target.field(visit.exchange.param("field")) if target else None
    linking = field is not None and (field.target or field.members or field.others)
    if field is None or not linking or not readable(visit.signed_in, field):
        raise Problem(NOT_FOUND, "There is no such look-up field.", status=404)
    return field
