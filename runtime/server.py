"""The web server's application: routes, the read of the body, the one hop into a thread.

`build` joins the API's and the interface's routes into a Starlette application behind the middlewares. The
event loop reads requests and writes answers; a handler and all it needs from a database runs in one thread.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route as Path

from engine.problem import Problem
from runtime.codes import TOO_LARGE
from runtime.dispatch import Asked
from runtime.middleware import Journey, Prefix, Safety
from runtime.problems import answer, problem_of
from runtime.spool import spool
from runtime.trail import trail_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Message, Receive, Scope, Send

    from runtime.config import Settings
    from runtime.dispatch import Dispatcher
    from runtime.exchange import Route
    from runtime.log import Log
    from runtime.metrics import Metrics

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_FORM_FIELDS = 5000
NO_FORM = FormData()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """All methods of one path, as an ASGI application."""

    path: str
    routes: dict[str, Route]
    dispatcher: Dispatcher
    threads: ThreadPoolExecutor
    body_limit: int
    file_limit: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self.routes["GET" if scope["method"] == "HEAD" else scope["method"]]
        trail_of(scope).route = self.path
        try:
            asked = await self._asked(route, scope, receive)
        except (Problem, HTTPException) as error:
            problem = problem_of(error, trail_of(scope).request_id)
            response = answer(problem, Request(scope), self.dispatcher.page)
        else:
            response = await self._answer(asked)
        await response(scope, receive, send)

    async def _answer(self, asked: Asked | Response) -> Response:
        if not isinstance(asked, Asked):
            return asked
        response = await asyncio.get_running_loop().run_in_executor(self.threads, self.dispatcher, asked)
        for each in asked.sent:
            each.content.close()
        return response

    async def _asked(self, route: Route, scope: Scope, receive: Receive) -> Asked | Response:
        """The request with its body; of one that may bring files a stranger is answered before it is read."""
        if not route.files:
            return await _read(route, scope, receive, route.body_limit or self.body_limit)
        head = Asked(route=route, request=Request(scope), body=b"", form=NO_FORM)
        loop = asyncio.get_running_loop()
        if refused := await loop.run_in_executor(self.threads, self.dispatcher.turn_away, head):
            return refused
        if head.request.headers.get("content-type", "").lower().startswith(FORMS[0]):
            return await _read(route, scope, receive, self.body_limit)
        limit = route.body_limit or self.file_limit + self.body_limit
        read = await spool(scope, receive, limit=limit, files=route.files, fields=MAX_FORM_FIELDS)
        return Asked(route=route, request=head.request, body=b"", form=read.form, sent=read.files)


def build(
    routes: Iterable[Route],
    plain: Iterable[BaseRoute],
    dispatcher: Dispatcher,
    settings: Settings,
    log: Log,
    metrics: Metrics,
) -> Starlette:
    """The ASGI application; `plain` routes know no tenant and answer on the event loop."""
    threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="request")
    # Tried in this order: what is asked for most comes first.
    paths = [*_paths(routes, dispatcher, threads, settings), *plain]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:  # noqa: ARG001
        yield
        threads.shutdown(wait=True)

    async def refuse(request: Request, error: Exception) -> Response:
        problem = problem_of(error, trail_of(request.scope).request_id)
        response = answer(problem, request, dispatcher.page)
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    return Starlette(
        routes=paths,
        middleware=[
            Middleware(Journey, log=log, metrics=metrics, slow_ms=settings.slow_ms),
            Middleware(Safety),
            Middleware(Prefix),
        ],
        exception_handlers={HTTPException: refuse, Exception: refuse},
        lifespan=lifespan,
    )


def _paths(
    routes: Iterable[Route], dispatcher: Dispatcher, threads: ThreadPoolExecutor, settings: Settings
) -> Iterable[Path]:
    """One Starlette route per path, so that 405 can name all methods of it."""
    methods: defaultdict[str, dict[str, Route]] = defaultdict(dict)
    for route in routes:
        for method in route.methods:
            methods[route.path][method] = route
    for path, by_method in methods.items():
        endpoint = Endpoint(
            path=path, routes=by_method, dispatcher=dispatcher, threads=threads,
            body_limit=settings.body_limit, file_limit=settings.file_limit,
        )  # fmt: skip
        yield Path(path, endpoint, methods=list(by_method))


async def _read(route: Route, scope: Scope, receive: Receive, limit: int) -> Asked:
    body = await _body(Headers(scope=scope), receive, limit)

    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request(scope, replay)
    is_form = body and request.headers.get("content-type", "").lower().startswith(FORMS)
    form = await request.form(max_files=0, max_fields=MAX_FORM_FIELDS) if is_form else NO_FORM
    return Asked(route=route, request=request, body=body, form=form)


async def _body(headers: Headers, receive: Receive, limit: int) -> bytes:
    declared = headers.get("content-length", "0")
    chunks, size = [], int(declared) if declared.isdecimal() else 0
    if size <= limit:
        size = 0
        while size <= limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if not message.get("more_body", False):
                break
    if size > limit:
        raise Problem(TOO_LARGE, f"The body is larger than {limit:,} bytes.", status=413)
    return b"".join(chunks)
