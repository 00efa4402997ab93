"""What surrounds every request on the event loop: its trail, the access log, the safety headers, the prefix.

Plain ASGI, nothing here waits for a database. Order, from the outside: `Journey`, `Safety`, `Prefix`.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from runtime.trail import start_trail, trail_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from runtime.log import Log
    from runtime.metrics import Metrics

_TENANT_PATH = re.compile(r"/t/([a-z0-9][a-z0-9-]*)(?=/|$)")

# No inline script, no other host; style attributes are allowed because widths of bars are made on the server.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SAFETY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "private, no-cache",
}

# As they go over the wire, made once: every answer carries them.
_PLAIN = tuple((name.lower().encode(), value.encode()) for name, value in SAFETY.items())
_SAFE = (*_PLAIN, (b"strict-transport-security", b"max-age=31536000"))
_PARTS = (b"text/css", b"text/javascript", b"font/")
"""Types that are never a document: what is said of documents would only make them half a kilobyte longer."""
_OF_DOCUMENTS = frozenset(
    (b"content-security-policy", b"referrer-policy", b"cross-origin-opener-policy", b"permissions-policy")
)


class Journey:
    """Lays the trail, answers with `X-Request-ID`, and notes each finished request in log and metrics."""

    def __init__(self, app: ASGIApp, log: Log, metrics: Metrics, slow_ms: int) -> None:
        self._app = app
        self._log = log
        self._metrics = metrics
        self._slow_ms = slow_ms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trail = start_trail(scope)
        begun = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = trail.request_id
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        trail = trail_of(scope)
        method = scope["method"]
        self._metrics.observe(method, trail.route, status, seconds)
        milliseconds = round(seconds * 1000, 1)
        write = self._log.warning if milliseconds >= self._slow_ms else self._log.info
        known = {
            "tenant": trail.tenant,
            "actor": trail.actor,
            "change_set": trail.change_set,
            "problem": trail.problem,
        }
        write(
            "request",
            method=method,
            path=scope["path"],
            status=status,
            ms=milliseconds,
            request_id=trail.request_id,
            **{name: value for name, value in known.items() if value},
        )


class Safety:
    """Adds the headers that keep a browser from being used against the signed-in person."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                given = dict(headers)
                part = given.get(b"content-type", b"").startswith(_PARTS)
                omitted = given.keys() | _OF_DOCUMENTS if part else given.keys()
                wanted = _SAFE if scope["scheme"] == "https" else _PLAIN
                headers.extend(pair for pair in wanted if pair[0] not in omitted)
            await send(message)

        await self._app(scope, receive, guarded)


class Prefix:
    """Takes `/t/{slug}` off the path: routes are written once, links carry the prefix."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (match := _TENANT_PATH.match(scope["path"])):
            trail_of(scope).slug = match[1]
            scope["root_path"] = match[0]
            if scope["path"] == match[0]:
                scope["path"] += "/"
        await self._app(scope, receive, send)
