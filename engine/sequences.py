"""Counters that hold nobody up: sequences of PostgreSQL, for numbers that may leave gaps.

A sequence gives each number once and at once, whatever becomes of the transaction, so that writers never wait
for each other's commit; a number that was taken back is lost. There is one for each frame (see `series.py`),
made when it is first asked for and going on where the gap-free counter of that frame stood, which it takes
the place of; and the other way round where a document asks for no gaps later.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Connection
    from engine.series import Frame
    from engine.statement import Statement

_LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || :name))"
_FORMER = "DELETE FROM s_series WHERE field = :field AND frame = :frame RETURNING last"
_STANDS = "SELECT to_regclass(:name) IS NOT NULL"
_GOES_ON = "UPDATE s_series SET last = last + :former WHERE field = :field AND frame = :frame RETURNING last"


def draw(connection: Connection, wanted: Mapping[Frame, int]) -> dict[Frame, list[int]]:
    """So many numbers of each frame, rising; one statement, where all of the sequences are there."""
    drawn = _next(connection, wanted)
    missing = {frame: count for frame, count in wanted.items() if len(drawn[frame]) < count}
    for frame in sorted(missing):
        _make(connection, frame)
    return drawn | (_next(connection, missing) if missing else {})


def take_over(connection: Connection, frame: Frame) -> int | None:
    """End the sequence of a frame whose gap-free counter has just begun, and let that go on where it stood.

    Returns the counter, or None where there was no sequence.
    """
    name = _name(frame)
    found = _text(connection, _STANDS).row(connection, {"name": name})
    if not found or not found[0]:
        return None
    last, called = connection.row(f'SELECT last_value, is_called FROM "{name}"') or (0, False)  # noqa: S608
    connection.run(f'DROP SEQUENCE "{name}"')
    given = {"field": frame[0], "frame": frame[1], "former": int(last) if called else int(last) - 1}
    moved = _text(connection, _GOES_ON).row(connection, given)
    return int(moved[0]) if moved else None


def _next(connection: Connection, wanted: Mapping[Frame, int]) -> dict[Frame, list[int]]:
    params: dict[str, object] = {}
    parts = []
    for place, (frame, count) in enumerate(wanted.items()):
        params |= {f"name_{place}": _name(frame), f"count_{place}": count}
        sequence = f"to_regclass(CAST(:name_{place} AS text))"
        number = f"CASE WHEN {sequence} IS NULL THEN NULL ELSE nextval({sequence}) END"
        parts.append(f"SELECT {place}, {number} FROM generate_series(1, CAST(:count_{place} AS bigint))")  # noqa: S608
    drawn: dict[Frame, list[int]] = {frame: [] for frame in wanted}
    frames = list(wanted)
    for place, number in _text(connection, " UNION ALL ".join(parts)).rows(connection, params):
        if number is not None:
            drawn[frames[place]].append(int(number))
    return {frame: sorted(numbers) for frame, numbers in drawn.items()}


def _make(connection: Connection, frame: Frame) -> None:
    """Whoever comes second waits until the first has committed, and finds the sequence."""
    name = _name(frame)
    _text(connection, _LOCK).row(connection, {"name": name})
    found = _text(connection, _FORMER).row(connection, {"field": frame[0], "frame": frame[1]})
    start = int(found[0]) + 1 if found else 1
    connection.run(f'CREATE SEQUENCE IF NOT EXISTS "{name}" START WITH {start}')


def _name(frame: Frame) -> str:
    """A name that the database takes, whatever signs the frame is made of."""
    digest = hashlib.blake2b("\x00".join(frame).encode(), digest_size=16).hexdigest()
    return f"n_{digest}"


def _text(connection: Connection, text: str) -> Statement:
    return compile_text(text, connection.dialect)
