"""Figures about one process for Prometheus, on `/metrics`: requests by route and how long they took.

The registry belongs to the server that made it, so two servers in one process do not mix their figures.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The figures of one server. Safe to share between threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "strata_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "strata_request_seconds", "Time to answer", ("route",), buckets=BUCKETS, registry=self._registry
        )
        self._tenants = Gauge(
            "strata_open_tenants", "Tenants this process keeps open", registry=self._registry
        )
        # Looking a label up costs as much as noting a request; there are as few of these as of routes.
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one answered request; `route` is the pattern, not the path, so that labels stay few."""
        key = (method, route, status)
        if (known := self._known.get(key)) is None:
            named = route or "none"
            known = self._requests.labels(method, named, str(status)), self._seconds.labels(named)
            self._known[key] = known
        requests, times = known
        requests.inc()
        times.observe(seconds)

    def open_tenants(self, number: int) -> None:
        """Note how many tenants are open."""
        self._tenants.set(number)

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self._registry)
