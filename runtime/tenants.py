"""All tenants of one installation, as one process sees them: found by address, opened on demand, kept by use.

At most so many are open at a time; the one used longest ago is closed first, never one in use. A watcher
(`wake.py`) lets it read the control database twice a second and bring newer Releases in.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.problem import Problem
from runtime import sql
from runtime.bell import Bell
from runtime.codes import CLOSED, NO_TENANT
from runtime.control import ACTIVE
from runtime.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.database import Database
    from runtime.control import Control, Entry
    from runtime.lease import Leases
    from runtime.tenant import Gate, Load

    Opener = Callable[[Entry], Database]


class Tenants:
    """The directory and the open tenants of one process. Safe to share between threads."""

    def __init__(self, control: Control, opener: Opener, gate: Gate, load: Load, most_open: int) -> None:
        self.control = control
        self.gate = gate
        self.bell = Bell()
        self.jobs = Bell()
        self._opener = opener
        self._load = load
        self._most_open = most_open
        self._leases: Leases | None = None
        self._open: OrderedDict[str, Tenant] = OrderedDict()
        self._users: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._entries: tuple[Entry, ...] = control.all()

    @contextmanager
    def find(self, host: str, slug: str) -> Iterator[Tenant]:
        """Lend the tenant a request is for: its host names it, else the slug of its path, else the only one.

        Raises Problem: 404 when there is none, or host and slug name two; 503 when it is suspended.
        """
        entry = _match(self._entries, host.lower(), slug)
        if entry is None:
            self.refresh()
            entry = _match(self._entries, host.lower(), slug)
        if entry is None:
            raise Problem(
                NO_TENANT, "There is no company at this address.", status=404, hint="Use /t/ and its name."
            )
        if entry.state != ACTIVE:
            raise Problem(CLOSED, "This company is not available at present.", status=503)
        with self.use(entry) as tenant:
            yield tenant

    @contextmanager
    def use(self, entry: Entry) -> Iterator[Tenant]:
        """Lend the tenant of a directory entry, opening it if need be."""
        tenant = self._lend(entry.id) or self._opened(entry)
        try:
            yield tenant
        finally:
            with self._lock:
                self._users[tenant.id] -= 1

    def entries(self) -> tuple[Entry, ...]:
        """The directory as last read."""
        return self._entries

    def open_count(self) -> int:
        """How many tenants are open."""
        return len(self._open)

    def refresh(self, *, sweep: bool = False) -> None:
        """Read the directory; reload open tenants whose Release is behind it, or on a sweep every one."""
        self._entries = self.control.all()
        numbers = {entry.id: entry.release_no for entry in self._entries}
        for tenant in list(self._open.values()):
            served = tenant.release.number if tenant.release else 0
            if sweep or numbers.get(tenant.id, 0) > served:
                tenant.reload()
        self._keep_leases()

    def lease(self, leases: Leases) -> None:
        """Serve under leases from now on; without, a publish elsewhere does not wait for this process."""
        self._leases = leases
        self._keep_leases()

    def leave_hints(self) -> None:
        """Leave word in the control database for workers of other processes of what was rung for here."""
        for id_ in self.bell.take():
            self.control.hint(id_, sql.micros(self.gate.clock()))

    def _keep_leases(self) -> None:
        if self._leases is not None:
            self._leases.keep({tenant.id: tenant.oldest for tenant in list(self._open.values())})

    def close(self) -> None:
        """Close every tenant and the control database."""
        if self._leases is not None:
            self._leases.end()
        with self._lock:
            for tenant in self._open.values():
                tenant.close()
            self._open.clear()
        self.control.close()

    def _lend(self, id: str) -> Tenant | None:  # noqa: A002
        with self._lock:
            tenant = self._open.get(id)
            if tenant is not None:
                self._open.move_to_end(id)
                self._users[id] += 1
            return tenant

    def _opened(self, entry: Entry) -> Tenant:
        """Open a tenant, which may take a second, while others go on being served."""
        with self._lock:
            turn = self._turns.setdefault(entry.id, threading.Lock())
        with turn:
            if (tenant := self._lend(entry.id)) is not None:
                return tenant
            if self._leases is not None:
                self._leases.take(entry.id)
            tenant = Tenant(entry, self._opener(entry), self.gate, self._load)
            with self._lock:
                self._open[entry.id] = tenant
                self._users[entry.id] += 1
                self._close_idle()
            return tenant

    def _close_idle(self) -> None:
        idle = [tenant for tenant in self._open.values() if not self._users[tenant.id]]
        for tenant in idle[: max(0, len(self._open) - self._most_open)]:
            del self._open[tenant.id]
            tenant.close()


def _match(entries: tuple[Entry, ...], host: str, slug: str) -> Entry | None:
    named = next((entry for entry in entries if host in entry.hosts), None)
    if slug:
        found = next((entry for entry in entries if entry.slug == slug), None)
        return found if named is None or named is found else None
    if named is not None:
        return named
    return entries[0] if len(entries) == 1 else None
