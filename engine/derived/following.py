"""Pass: values that follow from what was written, level by level, in every record they are stored in.

Each value is computed anew from what it is made of, in one statement for the records of an object and level,
after these records were locked: whoever changed something of theirs before has committed by then, and whoever
does afterwards waits. So no change is lost, whatever the function. Nothing is sent where nothing was touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import codes
from engine.derived.changes import NOWHERE, Changes, changes_of, parents_of
from engine.derived.computing import computing
from engine.derived.graph import graph
from engine.derived.locking import Locks
from engine.derived.routes import route
from engine.derived.storing import store
from engine.problem import Problem, Refusal
from engine.sentence import said
from engine.statement import id_list

if TYPE_CHECKING:
    from engine.derived.changes import Places
    from engine.derived.graph import Group, Trigger
    from engine.save.work import Work

Reached = dict[str, "Places"]
"""Records by their ids, with the places of the rows that touch them."""


def derive(work: Work) -> None:
    """Bring the derived values of all records that the batch touches up to date; note what was touched."""
    made = graph(work.release)
    if not (made.groups and work.written):
        return
    changes = changes_of(work, made)
    if not (changes.records or changes.revived):
        return
    held = ((target.id, row.id) for target, row in work.written)
    locks = Locks(work.release, work.connection, held)
    for group in made.groups:
        locks.take(group.object, _linked(changes, group))
    for group in made.groups:
        if reached := _reached(work, changes, group):
            _follow(work, changes, group, reached, locks)
    work.changes.append(changes)


def _linked(changes: Changes, group: Group) -> set[str]:
    """The records that written rows link to: all levels are locked before the first is computed."""
    found: set[str] = set()
    for trigger in group.triggers:
        if (rollup := trigger.derived.rollup) and not trigger.links:
            for touched in changes.hit(trigger).values():
                found.update(parents_of(rollup.link, group.object, touched))
    return found


def _follow(work: Work, changes: Changes, group: Group, reached: Reached, locks: Locks) -> None:
    locks.take(group.object, reached)
    locks.share(group, reached)
    try:
        found = computing(work.release, group).found(work.connection, work.reader.given, reached)
    except Refusal as refusal:
        raise _refused(work, group, refusal) from refusal
    wrong = [each for each in found if each.wrong]
    for each in found:
        # Touched, though perhaps equal: what must hold of it is asked again, on the locked record.
        touched = changes.note(group.object, each.id, each.wrong, reached[each.id])
        changes.note_links(group.object, touched, each.links)
    store(work, group, wrong)


def _refused(work: Work, group: Group, refusal: Refusal) -> Problem:
    """A value that its field cannot keep; which row made it so, nobody can say."""
    names = ", ".join(each.field.label.text(work.actor.language) for each in group.derived)
    detail = refusal.detail(None)
    noun = group.object.label.text(work.actor.language)
    return Problem(
        codes.INVALID,
        said(
            "{fields} of the {object} cannot be kept: {reason}",
            fields=names,
            object=noun,
            reason=detail.message,
        ),
        hint=detail.hint or codes.INVALID.mend,
    )


def _reached(work: Work, changes: Changes, group: Group) -> Reached:
    """The records whose values in this group may have changed."""
    reached: Reached = dict(changes.revived.get(group.object.id, {}))
    for trigger in group.triggers:
        for record, places in _by_trigger(work, changes, group, trigger):
            reached[record] = reached.get(record, NOWHERE) | places
    return reached


def _by_trigger(work: Work, changes: Changes, group: Group, trigger: Trigger) -> list[tuple[str, Places]]:
    hit = changes.hit(trigger)
    if not hit:
        return []
    rollup = trigger.derived.rollup
    if not trigger.links and rollup is None:
        return [(record, each.causes) for record, each in hit.items()]
    if not trigger.links and rollup is not None:
        return [
            (record, each.causes)
            for each in hit.values()
            for record in parents_of(rollup.link, group.object, each)
        ]
    places = frozenset(place for each in hit.values() for place in each.causes)
    params = {"ids": id_list(sorted(hit), work.release.dialect)}
    return [(row[0], places) for row in route(work.release, trigger).rows(work.connection, params)]
