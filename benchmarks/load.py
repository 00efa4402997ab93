"""A small HTTP/1.1 load generator: raw requests in, latencies out, next to no work per request.

It must cost the machine far less than what it measures, so it speaks only what is needed: kept-alive
connections, one request in flight on each, answers with a Content-Length. Used by `api` and by the tests
which need a server under load.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import uvloop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"
PATIENCE = 30.0
"""Seconds that a last answer may take."""


class LoadError(RuntimeError):
    """An answer was not what the measurement needs: refused, failed, or the connection broke."""


@dataclass(slots=True, kw_only=True)
class Sample:
    """What was seen: `latencies` of single requests and the whole time, in seconds; one `body` to look at."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    body: bytes = b""

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency which `share` (0 to 1) of the requests did not exceed, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """One request as it goes over the wire; a body is declared as JSON."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + _END + body


def drive(port: int, requests: Iterator[bytes], *, concurrency: int, seconds: float) -> Sample:
    """Send requests over `concurrency` connections until the time is over or none are left.

    Raises LoadError at the first answer whose status is not 2xx, TimeoutError when an answer stays away.
    """
    sample = Sample()
    uvloop.run(_drive(port, requests, concurrency, seconds, sample))
    return sample


async def _drive(
    port: int, requests: Iterator[bytes], concurrency: int, seconds: float, sample: Sample
) -> None:
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    clients = [_Client(requests, start + seconds, sample, loop.create_future()) for _ in range(concurrency)]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
    async with asyncio.timeout(seconds + PATIENCE):
        await asyncio.gather(*(client.done for client in clients))
    sample.seconds = time.perf_counter() - start


class _Client(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, sends the next."""

    def __init__(
        self, requests: Iterator[bytes], deadline: float, sample: Sample, done: asyncio.Future[None]
    ) -> None:
        self._requests = requests
        self._deadline = deadline
        self._sample = sample
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._sent = 0.0
        self.done = done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(_END)
        if end < 0:
            return
        length = _LENGTH.search(self._received, 0, end)
        if len(self._received) < end + len(_END) + (int(length[1]) if length else 0):
            return
        now = time.perf_counter()
        self._sample.latencies.append(now - self._sent)
        self._sample.body = bytes(self._received[end + len(_END) :])
        if self._received[9:10] != b"2":
            self._fail(self._received[:2000].decode(errors="replace"))
            return
        self._received.clear()
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(
                LoadError(f"The server closed the connection: {exc or 'no reason given'}")
            )

    def _next(self) -> None:
        assert self._transport is not None
        self._sent = time.perf_counter()
        following = next(self._requests, None) if self._sent < self._deadline else None
        if following is not None:
            self._transport.write(following)
            return
        self.done.set_result(None)
        self._transport.close()

    def _fail(self, answer: str) -> None:
        assert self._transport is not None
        self.done.set_exception(LoadError(answer))
        self._transport.close()
