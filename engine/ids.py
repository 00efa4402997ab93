"""Identifiers of records, events and change sets: UUIDv7 (RFC 9562, section 5.7).

Ids sort by the millisecond in which they were made, and within one source also in the order in which they
were asked for, so new rows land at the end of an index. Clock and randomness are handed in. An id is
lower-case canonical text everywhere above the database codecs.
"""

import random
import re
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from engine.clock import Clock

Random = Callable[[int], int]
"""Given a number of bits, return that many random bits as an integer."""

CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION_7 = 7 << 76
_VARIANT = 0b10 << 62
_COUNTER_BITS = 12
_TAIL_BITS = 62


class Ids:
    """A source of UUIDv7 text; call it for the next one. Safe to share between threads."""

    __slots__ = ("_clock", "_counter", "_lock", "_millisecond", "_random")

    def __init__(self, clock: Clock, bits: Random = secrets.randbits) -> None:
        self._clock = clock
        self._random = bits
        self._lock = threading.Lock()
        self._millisecond = 0
        self._counter = 0

    def __call__(self) -> str:
        """Return a new id: 48 bits of milliseconds, a 12-bit counter, 62 random bits.

        The counter starts at a random point of its lower half each millisecond; when it runs out, or when the
        clock steps back, the next millisecond is borrowed (RFC 9562, section 6.2, methods 1 and 3).
        """
        millisecond, counter = self._tick()
        number = millisecond << 80 | _VERSION_7 | counter << 64 | _VARIANT | self._random(_TAIL_BITS)
        text = f"{number:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def _tick(self) -> tuple[int, int]:
        now = int((self._clock() - _EPOCH).total_seconds() * 1000)
        with self._lock:
            counter = self._counter + 1
            if now <= self._millisecond and counter < 1 << _COUNTER_BITS:
                self._counter = counter
            else:
                self._millisecond = max(now, self._millisecond + 1)
                self._counter = self._random(_COUNTER_BITS - 1)
            return self._millisecond, self._counter


def seeded_ids(clock: Clock, seed: int) -> Ids:
    """Return a source whose ids depend on `clock` and `seed` alone: for tests and repeatable demo data."""
    return Ids(clock, random.Random(seed).getrandbits)  # noqa: S311  (it is meant to be predictable)


def canonical_id(text: str) -> str | None:
    """Return `text` as lower-case canonical UUID text, or None when it is not a UUID."""
    lowered = text.strip().lower()
    return lowered if CANONICAL.fullmatch(lowered) else None
