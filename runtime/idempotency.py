"""Idempotency keys: a repeated request answers what the first one answered, and does nothing again.

The answer is kept in the same transaction as the writes it reports, so there is no moment at which one exists
without the other (the header is that of draft-ietf-httpapi-idempotency-key-header). Keys belong to one
actor and are kept for a day. Refused requests are not kept: nothing happened, so they may be tried again.
Work in several transactions cannot be held together like that: see `resumable`.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING

from starlette.responses import Response

from engine.codes import BUSY
from engine.database import Conflict, ReferenceBroken, UniqueClash
from engine.problem import Problem
from runtime import sql
from runtime.codes import BAD_PARAMETER, KEY_REUSED

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.database import Connection
    from runtime.exchange import Exchange, Handler

KEPT = timedelta(days=1)
LONGEST = 200
ATTEMPTS = 3
_REPEATED = ("ETag", "Location")


def idempotent(handler: Handler) -> Handler:
    """The handler, run at most once per `Idempotency-Key`; without the header it is run as it is."""
    return _once(handler, _run)


def resumable(handler: Handler) -> Handler:
    """The handler of work that takes several transactions, and with which a repeat goes on where it was.

    Its answer is kept when it is done; until then a repeat with the same `Idempotency-Key` does what is left.
    """
    return _once(handler, _finish)


def _once(handler: Handler, run: Callable[[Handler, Exchange, str], Response]) -> Handler:
    @wraps(handler)
    def once(exchange: Exchange) -> Response:
        key = exchange.headers.get("idempotency-key")
        if key is None:
            return handler(exchange)
        if not 1 <= len(key) <= LONGEST:
            raise Problem(BAD_PARAMETER, f"An Idempotency-Key has 1 to {LONGEST} characters.", status=400)
        with exchange.tenant.database.read() as connection:
            if (first := _first(connection, exchange, key)) is not None:
                return first
        return run(handler, exchange, key)

    return once


def _finish(handler: Handler, exchange: Exchange, key: str) -> Response:
    response = handler(exchange)
    try:
        with exchange.tenant.database.write() as connection:
            _keep(connection, exchange, key, response)
    except UniqueClash:  # the same request was finished meanwhile, and its answer counts
        with exchange.tenant.database.read() as connection:
            return _first(connection, exchange, key) or response
    return response


def _run(handler: Handler, exchange: Exchange, key: str) -> Response:
    for _ in range(ATTEMPTS):
        try:
            with exchange.signed_in.transaction() as connection:
                response = handler(exchange)
                _keep(connection, exchange, key, response)
                return response
        except (Conflict, UniqueClash, ReferenceBroken):
            # All of ours is undone. Either the same key ran at the same time, and its answer counts,
            # or another writer was in the way, and the next attempt can say what is wrong.
            with exchange.tenant.database.read() as connection:
                if (first := _first(connection, exchange, key)) is not None:
                    return first
    raise Problem(BUSY, "Other writers are in the way.", status=503, hint=BUSY.mend)


def _first(connection: Connection, exchange: Exchange, key: str) -> Response | None:
    found = sql.row(
        connection,
        "SELECT digest, status, headers, body FROM s_idempotency WHERE actor = :actor AND key = :key",
        actor=_actor(exchange),
        key=key,
    )
    if found is None:
        return None
    digest, status, headers, body = found
    if digest != _digest(exchange):
        raise Problem(
            KEY_REUSED, "This Idempotency-Key came with another request before.", hint="Use a new key."
        )
    pairs = (line.partition(": ") for line in headers.splitlines())
    return Response(body, status, {name: value for name, _, value in pairs})


def _keep(connection: Connection, exchange: Exchange, key: str, response: Response) -> None:
    names = ("Content-Type", *_REPEATED)
    headers = [f"{name}: {response.headers[name]}" for name in names if name in response.headers]
    sql.run(
        connection,
        """INSERT INTO s_idempotency (actor, key, digest, status, headers, body, at)
        VALUES (:actor, :key, :digest, :status, :headers, :body, :at)""",
        actor=_actor(exchange),
        key=key,
        digest=_digest(exchange),
        status=response.status_code,
        headers="\n".join(headers),
        body=bytes(response.body).decode(),
        at=sql.micros(exchange.now),
    )
    sql.run(connection, "DELETE FROM s_idempotency WHERE at < :old", old=sql.micros(exchange.now - KEPT))


def _actor(exchange: Exchange) -> str:
    """Whose key it is; what was answered to one who acts as another is not hers."""
    actor = exchange.signed_in.actor
    return f"{actor.impersonator or ''}{actor.id or ''}"


def _digest(exchange: Exchange) -> str:
    request = exchange.request
    head = f"{request.method} {request.url.path}?{request.url.query} {request.headers.get('if-match', '')}\n"
    return hashlib.sha256(head.encode() + exchange.body).hexdigest()
