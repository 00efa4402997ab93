"""Which Release each serving process still works on: so a publish knows when an old one has come to its end.

A process takes a lease on a tenant before it reads the tenant's Release, keeps it while it serves, and moves
it on when the last request on an older one is done. What a publish may do only then – its contract steps –
waits for the leases. They lie in the control database; one that is not kept up ends by itself, so that a
process which was killed holds nobody up for longer than that.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from typing import TYPE_CHECKING

from runtime import sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.clock import Clock
    from runtime.control import Control

LEASE_SECONDS = 15
KEEP_SECONDS = 5
"""A lease lasts so long, and is written again when it is so old."""

LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 60.0

UNREAD = 0
"""The number of a Release that is yet to be read: older than any."""

_SECOND = 1_000_000


class Leases:
    """The leases of one process, told apart from others by its name. Safe to share between threads."""

    def __init__(self, control: Control, process: str, clock: Clock) -> None:
        self._control = control
        self._process = process
        self._clock = clock
        self._kept: dict[str, tuple[int, int]] = {}

    def take(self, tenant: str) -> None:
        """Hold up contract steps of a tenant whose Release is about to be read."""
        self._write({tenant: UNREAD}, ())

    def keep(self, oldest: Mapping[str, int]) -> None:
        """Write what has changed or grown old; `oldest` is the Release in use of each open tenant, by id."""
        now = sql.micros(self._clock())
        young = {
            tenant: kept for tenant, kept in self._kept.items() if now - kept[1] < KEEP_SECONDS * _SECOND
        }
        due = {
            tenant: number
            for tenant, number in oldest.items()
            if tenant not in young or young[tenant][0] != number
        }
        closed = tuple(tenant for tenant in self._kept if tenant not in oldest)
        if due or closed:
            self._write(due, closed)

    def end(self) -> None:
        """Give up all."""
        self._write({}, tuple(self._kept))

    def _write(self, numbers: Mapping[str, int], closed: tuple[str, ...]) -> None:
        now = sql.micros(self._clock())
        self._control.lease(self._process, numbers, closed, until=now + LEASE_SECONDS * _SECOND)
        self._kept.update({tenant: (number, now) for tenant, number in numbers.items()})
        for tenant in closed:
            self._kept.pop(tenant, None)


def process_name() -> str:
    """A name that no other process has, on this machine or another."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def await_leases(control: Control, tenant: str, number: int, clock: Clock) -> bool:
    """Wait until no process works on a Release of the tenant older than `number`, at most a minute.

    Returns whether that came; a request that runs longer than the patience is the only thing that keeps it.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while control.leased(tenant, number, sql.micros(clock())):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True
