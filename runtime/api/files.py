"""Files over REST: upload one, and read one where a record's field shows it.

An uploaded file is its uploader's alone until a record holds it; from then on the record and the field say
who may have it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.files.access import file_at
from engine.problem import Problem
from runtime.api.answers import answer_json, encode
from runtime.api.parameters import object_of
from runtime.codes import BAD_BODY
from runtime.download import answer_file, answer_preview
from runtime.idempotency import idempotent
from runtime.received import registered, staged

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.files.file import File
    from runtime.exchange import Exchange
    from runtime.spool import Sent

PREVIEW = "preview"


def upload_file(exchange: Exchange) -> Response:
    """POST /api/v1/files: a bare body with `?name=`, or a form with one file.

    The bytes are taken in before the transaction that keeps the answer under an Idempotency-Key: what they
    are is part of the key's request.
    """
    given = staged(exchange, _one(exchange))
    asked = encode({"name": given.name, "digest": given.staged.digest})
    try:
        return idempotent(lambda same: _told(registered(same, given)))(replace(exchange, body=asked))
    finally:
        exchange.tenant.store.drop(given.staged)


def get_file(exchange: Exchange) -> Response:
    """GET /api/v1/{object}/{id}/files/{field}/{file}: its bytes; with `?preview` a small picture of it."""
    target, param = object_of(exchange), exchange.param
    file = file_at(exchange.signed_in, target, param("id"), param("field"), param("file"))
    return (answer_preview if PREVIEW in exchange.query else answer_file)(exchange, file)


def file_json(file: File) -> dict[str, object]:
    """A new file as the API tells it."""
    told = {"id": file.id, "name": file.name, "size": file.size, "type": file.media_type}
    return {**told, "width": file.width, "height": file.height, "state": str(file.state)}


def _told(file: File) -> Response:
    return answer_json(file_json(file), 201)


def _one(exchange: Exchange) -> Sent:
    if len(exchange.sent) == 1:
        return exchange.sent[0]
    message = f"One file is uploaded at a time, not {len(exchange.sent)}."
    raise Problem(BAD_BODY, message, status=422, hint="Send it as the body, or as a form with one file.")
