"""`/health` for load balancers and `/metrics` for Prometheus; both know no tenant and need no sign-in.

Metrics are told to this machine only: a scraper runs beside the server, visitors come through the proxy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from runtime.metrics import Metrics
    from runtime.tenants import Tenants

LOOPBACK = frozenset({"127.0.0.1", "::1"})


def health_routes(tenants: Tenants, metrics: Metrics, version: str) -> Sequence[Route]:
    """The two routes of one server."""

    async def health(request: Request) -> Response:  # noqa: ARG001
        try:
            await run_in_threadpool(tenants.control.all)
        except DatabaseError:
            return JSONResponse({"status": "failing", "reason": "control database"}, 503)
        return JSONResponse({"status": "ok", "version": version})

    async def figures(request: Request) -> Response:
        if request.client is None or request.client.host not in LOOPBACK:
            return Response(status_code=403)
        metrics.open_tenants(tenants.open_count())
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    return (Route("/health", health), Route("/metrics", figures))
