"""The threads that work beside a process's main one: started together, stopped together.

What each does is a task that returns soon after its event is set. Used by the server and the worker command.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from runtime.lease import Leases, process_name
from runtime.wake import Herald, Listener, Watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runtime.config import Settings
    from runtime.log import Log
    from runtime.tenants import Tenants

Task: TypeAlias = Callable[[threading.Event], None]

STOP_SECONDS = 10.0
GATHER_SECONDS = 0.5
GATHER_SECONDS_HEARD = 0.02
"""How long saves are gathered into one hint: where workers only look, and where they hear."""


class Crew:
    """Some tasks, each in a thread of its own that does not keep the process from ending."""

    __slots__ = ("_stop", "_threads")

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=task, args=(self._stop,), name=type(task).__name__, daemon=True)
            for task in tasks
        ]

    def start(self) -> None:
        """Let all begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Tell all to stop, and wait for those that have begun; at most ten seconds for each."""
        self._stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(STOP_SECONDS)


def crew_of(
    settings: Settings, tenants: Tenants, log: Log, worker: Task | None, jobs: Task | None = None
) -> Crew:
    """Who is needed in a process that keeps tenants open; with workers on flows and on jobs, or without."""
    leases = Leases(tenants.control, process_name(), tenants.gate.clock)
    watch = Watch(tenants=tenants, leases=leases, log=log)
    if worker is None:
        gather = GATHER_SECONDS_HEARD if settings.database else GATHER_SECONDS
        return Crew((watch, Herald(tenants=tenants, log=log, gather=gather)))
    workers = (worker,) if jobs is None else (worker, jobs)
    if settings.database:
        return Crew((watch, *workers, Listener(tenants=tenants, log=log, dsn=settings.database)))
    return Crew((watch, *workers))
