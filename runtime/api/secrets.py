"""One secret value over REST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.secrets.reveal import reveal
from runtime.api.answers import answer_json
from runtime.api.parameters import object_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.exchange import Exchange


def reveal_secret(exchange: Exchange) -> Response:
    """POST /api/v1/{object}/{id}/secrets/{field}: the value, with the right `reveal`; each time is noted.

    A repeat is a time of its own, so it takes no Idempotency-Key: the answer would have to be kept.
    """
    target, id_, name = object_of(exchange), exchange.param("id"), exchange.param("field")
    answer = answer_json({"value": reveal(exchange.signed_in, target, id_, name)})
    answer.headers["Cache-Control"] = "no-store"
    return answer
