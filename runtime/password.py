"""Passwords: hashed with argon2id, compared at equal cost whether or not there is somebody to compare with.

Parameters follow OWASP's Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane); at most two hashes run at a
time, so that sign-ins cannot fill the memory. Knows no users and no tables; `credential.py` keeps the hashes.
"""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.problem import Problem
from runtime.codes import WEAK_PASSWORD

MINIMUM = 10
MAXIMUM = 200  # a longer one only burns time
AT_ONCE = 2


class Passwords:
    """Hashes and verifies. Safe to share between threads."""

    __slots__ = ("_decoy", "_hasher", "_turns")

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._decoy = self._hasher.hash("nobody has this password")
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """The salted hash to keep. Raises Problem for a password under 10 or over 200 characters."""
        if not MINIMUM <= len(password) <= MAXIMUM:
            raise Problem(WEAK_PASSWORD, f"A password has {MINIMUM} to {MAXIMUM} characters.")
        with self._turns:
            return self._hasher.hash(password)

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether `password` is the one hashed as `kept`; None costs the same and never matches."""
        with self._turns:
            try:
                self._hasher.verify(kept or self._decoy, password[:MAXIMUM])
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None
