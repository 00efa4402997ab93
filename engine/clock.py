"""What time it is, as a value that is handed in.

Nothing in the engine asks the machine for the time: whoever opens a Session passes a `Clock`, so a test
decides when "now" is. The composition root passes `system_clock`.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the machine's present instant, aware and in UTC."""
    return datetime.now(UTC)


def frozen_clock(instant: datetime) -> Clock:
    """Return a clock which always answers `instant` (aware; converted to UTC)."""
    fixed = instant.astimezone(UTC)
    return lambda: fixed
