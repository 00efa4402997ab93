"""One open tenant: its database, the Release it serves, the people it has lately heard from.

The Release is swapped whole by one assignment; requests that run keep the one they began with. Opened, kept
and closed by `tenants.py`.
"""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.actor import system_actor
from engine.session import Session
from engine.system import meta
from runtime import people
from runtime.identity import Identities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from engine.actor import Actor
    from engine.clock import Clock
    from engine.database import Database
    from engine.files.store import Store
    from engine.ids import Ids
    from engine.release import Release
    from engine.secrets.vault import Vault
    from runtime.control import Entry
    from runtime.depot import Depot
    from runtime.limit import RateLimit
    from runtime.password import Passwords

    Load = Callable[[Database, Release | None], Release | None]
    """Reads the published Release, or gives back the one at hand when that is still it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gate:
    """What tenants need that belongs to the process: clocks, ids, hashing, limits, keys, where files lie."""

    clock: Clock
    seconds: Callable[[], float]
    ids: Ids
    passwords: Passwords
    sign_in_limit: RateLimit
    idle: timedelta
    session_days: int
    depot: Depot
    vault: Vault


class Tenant:
    """An open tenant. Safe to share between threads."""

    __slots__ = (
        "_load",
        "_lock",
        "_pins",
        "_store",
        "_turn",
        "database",
        "gate",
        "id",
        "identities",
        "release",
        "slug",
    )

    def __init__(self, entry: Entry, database: Database, gate: Gate, load: Load) -> None:
        self.id = entry.id
        self.slug = entry.slug
        self.database = database
        self.gate = gate
        self.identities = Identities(self)
        self.release: Release | None = load(database, None)
        self._load = load
        self._lock = threading.Lock()
        self._pins: Counter[int] = Counter()
        self._turn = threading.Lock()
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        """Where the bytes of its files lie; opened when first asked for."""
        if self._store is None:
            self._store = self.gate.depot.store(self.id)
        return self._store

    def session(self, release: Release, actor: Actor) -> Session:
        """The door to this tenant's data for one actor, on one Release."""
        return Session(
            database=self.database, release=release, actor=actor, clock=self.gate.clock, ids=self.gate.ids,
            vault=self.gate.vault,
        )  # fmt: skip

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone, which background work has; it never changes."""
        with self.database.read() as connection:
            return ZoneInfo(meta(connection, "time_zone") or "UTC")

    def upkeep(self, release: Release) -> Session:
        """The system's own door, for what nobody in particular saves."""
        return self.session(release, system_actor(zone=self.zone))

    @contextmanager
    def pinned(self) -> Iterator[Release | None]:
        """Lend the Release that serves now; it counts as worked on until the block ends."""
        with self._turn:
            release = self.release
            number = release.number if release else 0
            self._pins[number] += 1
        try:
            yield release
        finally:
            with self._turn:
                self._pins[number] -= 1
                if not self._pins[number]:
                    del self._pins[number]

    @property
    def oldest(self) -> int:
        """The number of the oldest Release that serves or is worked on; 0 where none is published."""
        with self._turn:
            return min([self.release.number if self.release else 0, *self._pins])

    def reload(self) -> None:
        """Serve the Release that is published now; one thread loads, the others wait for it."""
        stale = self.release
        with self._lock:
            if self.release is stale:
                self.swap(self._load(self.database, stale))

    def swap(self, release: Release | None) -> None:
        """Serve `release` from the next request on."""
        if release is not self.release:
            self.release = release
            self.identities.forget()

    def user_by_email(self, release: Release, email: str) -> str | None:
        """The id of the active user with this e-mail, whatever its case."""
        return people.active_user(self, release, email)

    def close(self) -> None:
        """Close the database."""
        self.database.close()
