"""Which tenants have new work, between the threads of one process: savers ring, the worker waits and takes.

Without a worker in the process the watcher takes what was rung and leaves it as hints for others.
"""

from __future__ import annotations

import threading


class Bell:
    """A set of tenant ids that one thread waits for. Safe to share between threads."""

    __slots__ = ("_rung", "_some")

    def __init__(self) -> None:
        self._rung: set[str] = set()
        self._some = threading.Condition()

    def ring(self, tenant_id: str) -> None:
        """Say that the tenant has work."""
        with self._some:
            self._rung.add(tenant_id)
            self._some.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until there is work, at most so long."""
        with self._some:
            self._some.wait_for(lambda: bool(self._rung), seconds)

    @property
    def rung(self) -> bool:
        """Whether there is work that nobody has taken."""
        return bool(self._rung)

    def take(self) -> frozenset[str]:
        """The tenants rung for since the last time."""
        with self._some:
            rung, self._rung = frozenset(self._rung), set()
            return rung
