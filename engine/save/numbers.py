"""Pass: give new records their numbers, when nothing else can refuse them any more.

The counters are held from here to the commit; so the pass stands as late as it can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.save.sheet import sheet
from engine.save.work import Kind
from engine.series import take, taking

if TYPE_CHECKING:
    from engine.save.work import Work


def take_numbers(work: Work) -> None:
    """Number the sound new rows, in the order of the batch; one statement."""
    numbered = sheet(work.release, work.object).numbered
    rows = work.sound(Kind.CREATED) if numbered else []
    if not rows:
        return
    today = work.organisation.day(work.now)
    frames = {name: (series, pattern.frame(today)) for name, series, pattern in numbered}
    dialect = work.release.dialect
    statement = work.release.statements.get(("series", len(frames)), lambda: taking(len(frames), dialect))
    first = take(work.connection, statement, dict.fromkeys(frames.values(), len(rows)))
    for name, _, pattern in numbered:
        for count, row in enumerate(rows, start=first[frames[name]]):
            row.after[name] = pattern.number(frames[name][1], count)
