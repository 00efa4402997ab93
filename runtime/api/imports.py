"""Importing over REST: a form with the file and its mapping queues a job; mappings are kept by name."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from engine.problem import Problem
from engine.transfer.codes import BAD_MAPPING
from engine.transfer.importing import start_import
from engine.transfer.mapping import ImportMapping, mapping_document, read_mapping
from engine.transfer.saved import delete_mapping, find_mapping, save_mapping, saved_mappings
from runtime.api.answers import answer_json
from runtime.api.body import decoder, read_json
from runtime.api.jobs import accepted
from runtime.codes import BAD_BODY
from runtime.idempotency import idempotent

if TYPE_CHECKING:
    from engine.transfer.saved import Saved
    from runtime.exchange import Exchange

_TRUE = frozenset({"true", "1", "on"})
_ANY: msgspec.json.Decoder[Any] = decoder(object)


def apply_import(exchange: Exchange) -> Response:
    """POST /api/v1/import: a form with `file`, `mapping` (JSON, or a name), `dry_run`; answers 202 and the
    job.

    What the file holds is a part of the request that an Idempotency-Key stands for.
    """
    if len(exchange.sent) != 1:
        message = "One file is imported at a time."
        raise Problem(BAD_BODY, message, status=422, hint="Send a form (multipart/form-data) with one file.")
    sent = exchange.sent[0]
    text, dry_run = str(exchange.form.get("mapping", "")), str(exchange.form.get("dry_run", "")).lower()
    digest = hashlib.sha256()
    for chunk in sent.chunks():
        digest.update(chunk)
    asked = msgspec.json.encode([digest.hexdigest(), sent.name, text, dry_run])

    def queued(same: Exchange) -> Response:
        mapping = _mapping(same, text)
        job = start_import(same.signed_in, mapping, sent.name, sent.content, dry_run=dry_run in _TRUE)
        return accepted(same, job)

    return idempotent(queued)(replace(exchange, body=asked))


def list_mappings(exchange: Exchange) -> Response:
    """GET /api/v1/import/mappings: those that were saved, or with `object` those of an object."""
    found = saved_mappings(exchange.signed_in, exchange.query.get("object", ""))
    return answer_json({"mappings": [_saved_json(each) for each in found]})


def get_mapping(exchange: Exchange) -> Response:
    """GET /api/v1/import/mappings/{name}: one of them."""
    return answer_json(_saved_json(find_mapping(exchange.signed_in, exchange.param("name"))))


def put_mapping(exchange: Exchange) -> Response:
    """PUT /api/v1/import/mappings/{name}: save it under this name."""
    given = read_mapping(read_json(exchange, _ANY))
    named = msgspec.structs.replace(given, mapping=exchange.param("name"))
    return answer_json(_saved_json(save_mapping(exchange.signed_in, named)))


def remove_mapping(exchange: Exchange) -> Response:
    """DELETE /api/v1/import/mappings/{name}: forget it."""
    delete_mapping(exchange.signed_in, exchange.param("name"))
    return Response(status_code=204)


def _mapping(exchange: Exchange, text: str) -> ImportMapping:
    """The mapping of a form: JSON, or the name of one that was saved."""
    if not text.lstrip().startswith("{"):
        return find_mapping(exchange.signed_in, text.strip()).mapping
    try:
        return read_mapping(msgspec.json.decode(text))
    except msgspec.DecodeError as error:
        raise Problem(
            BAD_MAPPING, f"The mapping is not valid JSON: {error}.", hint=BAD_MAPPING.mend
        ) from error


def _saved_json(saved: Saved) -> dict[str, Any]:
    document = mapping_document(saved.mapping)
    return {
        "name": saved.name,
        "object": saved.object,
        "at": saved.at,
        "by": saved.actor,
        "mapping": document,
    }
