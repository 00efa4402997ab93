"""Rate limits of one process: so many requests per minute and key, with a burst of the same size.

A token bucket per key (an address, an actor, an e-mail); memory is bounded because the oldest buckets go
first when there are too many. Limits across processes are the reverse proxy's; lock-out after wrong
passwords is kept in the tenant's database (`signin.py`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = 10_000


class RateLimit:
    """A limit of `per_minute` for each key; 0 means no limit. Safe to share between threads.

    `seconds` is a monotonic clock in seconds.
    """

    __slots__ = ("_buckets", "_lock", "_per_minute", "_seconds")

    def __init__(self, per_minute: int, seconds: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._seconds = seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Take one from the bucket of `key`; return 0.0, or the seconds to wait when it is empty."""
        if self._per_minute == 0:
            return 0.0
        with self._lock:
            left = self._left(key)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, self._seconds())
            if len(self._buckets) > KEYS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self._per_minute

    def _left(self, key: str) -> float:
        left, since = self._buckets.pop(key, (float(self._per_minute), self._seconds()))
        return min(self._per_minute, left + (self._seconds() - since) * self._per_minute / 60)
