"""Answers of the API: records as flat JSON objects, exact numbers, the version as an entity tag.

A record is one object: its path names with their values; a lookup gives its id under its own name and what
people see under `<name>.title`. Decimals are JSON numbers with all their digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.record import Record

MEDIA_TYPE = "application/json"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def answer_json(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`content` as JSON; anything msgspec can encode."""
    return Response(encode(content), status, headers, media_type=MEDIA_TYPE)


def encode(content: object) -> bytes:
    """`content` as JSON with exact numbers."""
    return _ENCODER.encode(content)


def record_json(record: Record) -> dict[str, object]:
    """One record as a flat object; `id` and `version` come first."""
    return {"id": record.id, "version": record.version, **record.json()}


def entity_tag(record: Record) -> dict[str, str]:
    """The header that carries the version, to be sent back as `If-Match`."""
    return {} if record.version is None else {"ETag": f'"{record.version}"'}
