"""Records over REST: list, one, create, change, delete, restore.

A change or deletion says which version it saw (`If-Match: "3"`, or `version` in the body); `If-Match: *` says
on purpose that the last write wins. Each handler is one call of the Session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from starlette.responses import Response

from engine.codes import NOT_FOUND
from engine.ids import canonical_id
from engine.mutation import Create, Delete, Mutation, Restore, Update
from engine.problem import Detail, Problem
from runtime.api.answers import answer_json, entity_tag, record_json
from runtime.api.body import Values, decoder, read_json
from runtime.api.parameters import fields_of, object_of, query_of
from runtime.api.shapes import COPIED_FROM
from runtime.codes import BAD_BODY, BAD_PARAMETER, NO_VERSION

if TYPE_CHECKING:
    import msgspec

    from engine.mutation import Change, Result
    from engine.record import Record
    from metadata.catalog import ObjectType
    from runtime.exchange import Exchange

ENTRY = "api"
MOST_ROWS = 2000
ACCEPT = "accept_duplicates"
ANY = "*"
_ONE = decoder(Values)
_ONE_OR_MANY: msgspec.json.Decoder[Any] = decoder(cast("Any", Values | list[Values]))


def list_records(exchange: Exchange) -> Response:
    """GET /api/v1/{object}: a page of records."""
    page = exchange.signed_in.query(query_of(exchange, object_of(exchange)))
    content: dict[str, Any] = {
        "records": [record_json(record) for record in page.records],
        "next": page.next,
        "previous": page.previous,
    }
    if page.count is not None:
        content["count"] = {"number": page.count.number, "exact": page.count.exact}
    return answer_json(content)


def get_record(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/{id}: one record."""
    target = object_of(exchange)
    record = exchange.signed_in.get(target, record_id(exchange), fields_of(exchange, target))
    tag = entity_tag(record)
    if tag and exchange.headers.get("if-none-match") == tag["ETag"] and not exchange.query:
        return Response(status_code=304, headers=tag)
    return answer_json(record_json(record), headers=tag)


def create_records(exchange: Exchange) -> Response:
    """POST /api/v1/{object}: one record from an object of values, or many from a list, all or none."""
    target = object_of(exchange)
    body: Values | list[Values] = read_json(exchange, _ONE_OR_MANY)
    many = isinstance(body, list)
    rows: list[Values] = body if isinstance(body, list) else [body]
    within(len(rows))
    result = exchange.signed_in.apply(
        Mutation(
            object=target,
            changes=tuple(_create(row) for row in rows),
            entry=ENTRY,
            accept_duplicates=accepts(exchange),
        )
    )
    records = _stored(result)
    if many:
        content = {"records": [record_json(record) for record in records], "change_set": result.change_set}
        return answer_json(content, 201)
    place = exchange.link(f"/api/v1/{target.name}/{records[0].id}")
    return answer_json(record_json(records[0]), 201, {"Location": place, **entity_tag(records[0])})


def update_record(exchange: Exchange) -> Response:
    """PATCH /api/v1/{object}/{id}: new values for some fields."""
    target = object_of(exchange)
    values = read_json(exchange, _ONE)
    version = version_seen(exchange, values.pop("version", None))
    values.pop("id", None)
    result = _apply(exchange, target, Update(id=record_id(exchange), values=values, version=version))
    record = _stored(result)[0]
    return answer_json(record_json(record), headers=entity_tag(record))


def delete_record(exchange: Exchange) -> Response:
    """DELETE /api/v1/{object}/{id}: into the recycle bin."""
    target = object_of(exchange)
    _apply(exchange, target, Delete(id=record_id(exchange), version=version_seen(exchange, None)))
    return Response(status_code=204)


def restore_record(exchange: Exchange) -> Response:
    """POST /api/v1/{object}/{id}/restore: out of the recycle bin."""
    result = _apply(exchange, object_of(exchange), Restore(id=record_id(exchange)))
    record = _stored(result)[0]
    return answer_json(record_json(record), headers=entity_tag(record))


def record_id(exchange: Exchange) -> str:
    """The id in the path. Raises Problem 404 for what is no id: no record has it."""
    found = canonical_id(exchange.param("id"))
    if found is None:
        raise Problem(NOT_FOUND, "There is no such record.", status=404)
    return found


def within(rows: int) -> None:
    """Refuse more rows than one transaction should hold."""
    if not 1 <= rows <= MOST_ROWS:
        raise Problem(BAD_BODY, f"A request has 1 to {MOST_ROWS:,} rows, not {rows:,}.", status=422)


def accepts(exchange: Exchange) -> bool:
    """Whether the caller saves although others may be the same thing, by `?accept_duplicates=true`."""
    return exchange.query.get(ACCEPT) == "true"


def missing_version(row: int | None = None) -> Detail:
    """What is said when a change does not say which version it saw."""
    return Detail(
        field="version",
        row=row,
        code=NO_VERSION.id,
        message="A change must say which version of the record it saw.",
        hint='Send the version, or "*" to overwrite whatever is there.',
    )


def _apply(exchange: Exchange, target: ObjectType, change: Change) -> Result:
    accepted = accepts(exchange)
    return exchange.signed_in.apply(
        Mutation(object=target, changes=(change,), entry=ENTRY, accept_duplicates=accepted)
    )


def _create(values: Values) -> Create:
    return Create(values=values, id=_text(values, "id"), copied_from=_text(values, COPIED_FROM))


def _text(values: Values, name: str) -> str | None:
    """Take what is said about the record, and is no value of it, out of the values."""
    given = values.pop(name, None)
    if given is not None and not isinstance(given, str):
        raise Problem(BAD_BODY, f"{name} must be text.", status=422, details=())
    return given


def _stored(result: Result) -> list[Record]:
    """The records of a Mutation that is stored whole; its first problem would have been raised."""
    return [record for record in result.records if record is not None]


def version_seen(exchange: Exchange, in_body: object) -> int | None:
    """The version seen; None only when the caller wrote `*`. Raises Problem 428 when nothing is said."""
    tag = exchange.headers.get("if-match")
    given = in_body if tag is None else tag.strip().removeprefix("W/").strip('"')
    if given is None:
        detail = missing_version()
        raise Problem(NO_VERSION, detail.message, status=428, hint=detail.hint)
    if given == ANY:
        return None
    if isinstance(given, bool) or not str(given).isdecimal():
        raise Problem(
            BAD_PARAMETER, f"{given!r} is no version.", status=400, hint="A version is a whole number."
        )
    return int(str(given))
