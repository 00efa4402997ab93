"""The running server of one process: the application, and the loop that listens.

`strata serve` and `strata demo` call `serve`; it returns when the process is told to stop. The socket is
bound first, so that a taken port is said before anything else is done.
"""

from __future__ import annotations

import errno
import gc
import signal
import socket
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from engine.problem import Problem
from runtime.api.routes import ROUTES as API_ROUTES
from runtime.codes import PORT_TAKEN
from runtime.dispatch import Dispatcher
from runtime.health import health_routes
from runtime.limit import RateLimit
from runtime.metrics import Metrics
from runtime.server import build
from runtime.web.assets import read_assets
from runtime.web.pages.routes import problem_page, routes
from runtime.web.renderer import Renderer
from runtime.web.texts import read_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.types import Scope

    from runtime.config import Settings
    from runtime.crew import Crew
    from runtime.log import Log
    from runtime.tenants import Tenants

STATIC = Path(__file__).with_name("static")
BUILT = "dist/"
STOP_SECONDS = 10


def listen(settings: Settings) -> socket.socket:
    """Bind the address. Raises Problem when the port is taken or the address is not this machine's."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, settings.port))
    except OSError as error:
        bound.close()
        place = f"{settings.host}:{settings.port}"
        if error.errno == errno.EADDRINUSE:
            raise Problem(
                PORT_TAKEN, f"Another program listens on {place} already.", hint="Choose another with --port."
            ) from error
        raise Problem(PORT_TAKEN, f"{place} cannot be listened on: {error.strerror}.") from error
    return bound


def address(bound: socket.socket) -> str:
    """The address to print, as a browser takes it."""
    host, port = bound.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def application(settings: Settings, tenants: Tenants, log: Log) -> Starlette:
    """The ASGI application with all routes."""

    metrics = Metrics()
    renderer = Renderer(assets=read_assets(), texts=read_texts())
    dispatcher = Dispatcher(
        tenants=tenants,
        clock=tenants.gate.clock,
        visitor_limit=RateLimit(settings.visitor_limit, time.monotonic),
        actor_limit=RateLimit(settings.actor_limit, time.monotonic),
        log=log,
        page=problem_page(renderer),
    )
    plain = [*health_routes(tenants, metrics, version("strata-crm")), _static()]
    return build((*API_ROUTES, *routes(renderer)), plain, dispatcher, settings, log, metrics)


def serve(
    settings: Settings,
    tenants: Tenants,
    log: Log,
    bound: socket.socket,
    crew: Crew,
    ready: Callable[[], None],
) -> None:
    """Serve until SIGINT or SIGTERM. `crew` begins, and `ready` is called, when requests are answered."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _leave)

    def answering() -> None:
        gc.freeze()  # what start has made stays: no need to look through it again and again
        crew.start()
        ready()

    try:
        web_server(settings, application(settings, tenants, log), answering).run(sockets=[bound])
    finally:
        crew.stop()
        tenants.close()


def _leave(*_: object) -> None:
    """SIGTERM, once requests are answered: leave by the way that closes everything."""
    raise SystemExit(0)


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def web_server(settings: Settings, app: Starlette, ready: Callable[[], None]) -> uvicorn.Server:
    """The loop that listens; `ready` is called when it does."""
    config = uvicorn.Config(
        app,
        log_config=None,
        ws="none",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded_from,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return _Server(config, ready)


def _static() -> Mount:
    """The scripts, styles and icons."""
    return Mount("/static", GZipMiddleware(_Static(directory=STATIC, check_dir=False), minimum_size=1000))


class _Static(StaticFiles):
    """Files; what was built has its digest in its name, so a browser need never ask for it again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if path.startswith(BUILT):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
