"""One request as a handler sees it, and the route that leads there.

An `Exchange` holds everything a synchronous handler needs, already read and checked: the tenant, the pinned
Release, the Session of who is signed in, the body, the form, the CSRF token. A handler returns a Starlette
`Response` or raises a `Problem`; it never touches the event loop. `runtime/server.py` builds Exchanges;
`runtime/api` and `runtime/web` only read them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.datastructures import FormData, Headers, QueryParams
    from starlette.requests import Request

    from engine.release import Release
    from engine.session import Session
    from runtime.signin import SignIn
    from runtime.spool import Sent
    from runtime.tenant import Tenant

__all__ = ["Exchange", "Handler", "Response", "Route"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exchange:
    """One request, ready to be answered inside one thread.

    `session` and `sign_in` are None for a visitor who is not signed in (only handlers of routes with
    `anonymous=True` ever see that); `sign_in` is also None for a bearer token. `form` is empty unless the
    body was a form; `body` is the raw body either way. `csrf` is the token that every form posts back as
    `_csrf` and every script as the header `X-CSRF-Token`. `prefix` is "" or "/t/{slug}" and starts every
    link. `now` is the instant at which the request began, in UTC; `address` is the visitor's network address.
    `sent` are the files of a request to a route that takes them.
    """

    request: Request
    tenant: Tenant
    release: Release
    session: Session | None
    sign_in: SignIn | None
    body: bytes
    form: FormData
    csrf: str
    language: str
    prefix: str
    now: datetime
    address: str
    request_id: str
    sent: tuple[Sent, ...] = ()

    @property
    def signed_in(self) -> Session:
        """The Session of a route that demands one; the server has refused everybody else before."""
        assert self.session is not None, "only a route with anonymous=True is reached without a Session"
        return self.session

    @property
    def query(self) -> QueryParams:
        """The parameters behind the question mark."""
        return self.request.query_params

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        return self.request.headers

    def param(self, name: str) -> str:
        """The part of the path that the route calls `name`."""
        return str(self.request.path_params[name])

    def link(self, path: str) -> str:
        """`path` (beginning with "/") as this tenant's visitors reach it."""
        return self.prefix + path


Handler = Callable[[Exchange], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A path in Starlette's notation (without prefix), its methods, and the synchronous handler.

    `anonymous` routes are also served to visitors who are not signed in. `body_limit` is in bytes; None
    takes the configured limit. `files` is how many files a form may bring, or a bare body as one; such bodies
    are read piece by piece, up to the size that files may have, once the sender has been let in.
    """

    path: str
    methods: tuple[str, ...]
    handler: Handler
    anonymous: bool = False
    body_limit: int | None = None
    files: int = 0
