"""Pass: where values of two objects follow from each other's, their savers queue up; PostgreSQL only.

Roll-ups alone are locked from parts to wholes, in one direction. Where a formula on the parts follows from
the whole's roll-up again, two savers would lock the same records from both ends and stand still. So who is
going to touch such a knot of objects takes its lock first of all. Models without one send nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.derived.graph import graph
from engine.mutation import Nature
from engine.save.work import Kind
from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.derived.graph import Graph
    from engine.save.work import Work

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.derived.' || :knot, 0))"


def queue_up(work: Work) -> None:
    """Take the lock of the knot that the batch may touch, if any."""
    release = work.release
    if release.dialect.sqlite or not work.locking:
        return
    knot = release.statements.get(("knots",), lambda: knots(graph(release))).get(work.object.id)
    if knot is None or not _touches(work, graph(release)):
        return
    statement = release.statements.get(("knot lock",), lambda: compile_text(_LOCK, release.dialect))
    statement.row(work.connection, {"knot": knot})


def _touches(work: Work, made: Graph) -> bool:
    watched = made.watched.get(work.object.id, frozenset())
    names = {key.partition(".")[0] for key in watched} | {"currency"}
    return work.mutation.nature is Nature.REVALUING or any(
        row.kind is not Kind.UPDATED or not names.isdisjoint(row.given) for row in work.rows
    )


def knots(made: Graph) -> Mapping[str, str]:
    """By object id: the first of the objects that follow from each other which a change of it reaches."""
    onward: dict[str, set[str]] = {}
    for trigger in (trigger for group in made.groups for trigger in group.triggers):
        onward.setdefault(trigger.source.id, set()).add(trigger.derived.field.object.id)
    reached = {start: _reached(start, onward) for start in onward}
    tied = {
        start: min({start, *(other for other in found if start in reached.get(other, ()))})
        for start, found in reached.items()
        if any(other != start and start in reached.get(other, ()) for other in found)
    }
    return {
        start: min(names)
        for start, found in reached.items()
        if (names := {tied[other] for other in {start, *found} if other in tied})
    }


def _reached(start: str, onward: Mapping[str, set[str]]) -> set[str]:
    """The objects whose values a change may touch, at any distance; itself only if it comes round."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in onward.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
