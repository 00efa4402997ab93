"""Counters: how many numbers each frame of each numbered field has given away.

Gap-free ones are kept in `s_series`, by the physical name of the field and the frame (`INV-2026-{}`). Their
numbers are taken in the transaction that uses them, which holds the counter until it ends; so none is given
twice, and one that is rolled back is given again. The others are sequences of the database where it has them
(`sequences.py`). Called by the save and by migrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.sequences import draw, take_over
from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.database import Connection, Dialect
    from engine.statement import Statement
    from engine.tables import KeptField

Frame = tuple[str, str]
"""The physical name of a field, and the text of its numbers with `{}` in the place of the counter."""


def series_name(kept: KeptField) -> str:
    """The name under which a field counts: it stays when the field is renamed."""
    return f"{kept.field.object.table}.{kept.field.column}"


def give(connection: Connection, wanted: Mapping[Frame, int], *, gap_free: bool) -> dict[Frame, list[int]]:
    """So many numbers of each frame, rising; of gap-free ones without a gap.

    One statement, but where a frame is new. SQLite has one writer at a time, who holds nobody up with a
    counter: there every number is gap-free.
    """
    if not (gap_free or connection.dialect.sqlite):
        return draw(connection, wanted)
    first = take(connection, taking(len(wanted), connection.dialect), wanted)
    return {frame: list(range(first[frame], first[frame] + count)) for frame, count in wanted.items()}


def take(connection: Connection, statement: Statement, wanted: Mapping[Frame, int]) -> dict[Frame, int]:
    """Take so many numbers of each frame; returns the first one of each. One statement.

    `statement` is `taking` for as many frames. Counters are held in the order of their names.
    """
    params: dict[str, object] = {}
    for place, (frame, count) in enumerate(sorted(wanted.items())):
        params |= {f"field_{place}": frame[0], f"frame_{place}": frame[1], f"count_{place}": count}
    last = {(field, frame): int(last) for field, frame, last in statement.rows(connection, params)}
    for begun in [frame for frame, count in wanted.items() if last[frame] == count]:
        if not connection.dialect.sqlite and (moved := take_over(connection, begun)) is not None:
            last[begun] = moved
    return {frame: last[frame] - count + 1 for frame, count in wanted.items()}


def taking(frames: int, dialect: Dialect) -> Statement:
    """The statement that takes numbers of so many frames."""
    number = "{0}" if dialect.sqlite else "CAST({0} AS bigint)"
    rows = (f"(:field_{n}, :frame_{n}, {number.format(f':count_{n}')})" for n in range(frames))
    return compile_text(
        f"INSERT INTO s_series (field, frame, last) VALUES {', '.join(rows)}"  # noqa: S608  (placeholders)
        " ON CONFLICT (field, frame) DO UPDATE SET last = s_series.last + excluded.last"
        " RETURNING field, frame, last",
        dialect,
    )
