"""How processes learn of each other's doings: publishes seen, saves told, saves heard of.

A save that no worker of its own process takes leaves a hint in the control database; on PostgreSQL the hint
is a message too, so that a worker comes at once instead of at its next look. A lost connection costs that
half second and nothing else: the hint stays. Each class is a task for a thread of its own (`crew.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.database import DatabaseError
from runtime.control import CHANNEL

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from runtime.lease import Leases
    from runtime.log import Log
    from runtime.tenants import Tenants

LOOK_SECONDS = 0.5
SWEEP_LOOKS = 60
"""At each so many looks every open tenant is asked for its Release, whatever the control database says."""

AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Brings newer Releases in, which other processes published, and says which ones are worked on here."""

    tenants: Tenants
    leases: Leases
    log: Log

    def __call__(self, stop: threading.Event) -> None:
        """Watch until `stop` is set; a failure is told, the watch goes on."""
        looks = 0
        self._safely(lambda: self.tenants.lease(self.leases))
        while not stop.wait(LOOK_SECONDS):
            looks += 1
            self._safely(lambda: self.tenants.refresh(sweep=looks % SWEEP_LOOKS == 0))  # noqa: B023  (run at once)

    def _safely(self, look: Callable[[], None]) -> None:
        try:
            look()
        except Exception as error:  # noqa: BLE001  (a database that is away comes back)
            self.log.warning("watch failed", error=str(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class Herald:
    """Leaves word of what was saved in a process without a worker.

    A hint is a transaction, so saves are gathered for `gather` seconds into one.
    """

    tenants: Tenants
    log: Log
    gather: float

    def __call__(self, stop: threading.Event) -> None:
        """Tell until `stop` is set, and what is left then."""
        while not stop.wait(self.gather):
            self.tenants.bell.wait(LOOK_SECONDS)
            self._tell()
        self._tell()

    def _tell(self) -> None:
        try:
            self.tenants.leave_hints()
        except DatabaseError as error:
            self.log.warning("hints not left", error=str(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Rings the bell of a process with a worker for what was saved in others; `dsn` is PostgreSQL's."""

    tenants: Tenants
    log: Log
    dsn: str

    def __call__(self, stop: threading.Event) -> None:
        """Listen until `stop` is set; a lost connection is told and made anew."""
        from engine.notices import listen

        while not stop.is_set():
            try:
                for tenant_id in listen(self.dsn, CHANNEL, stop):
                    self.tenants.bell.ring(tenant_id)
            except DatabaseError as error:
                self.log.warning("nobody listens for saves", error=str(error))
                stop.wait(AGAIN_SECONDS)
