"""Pass: deletion into the recycle bin, with what hangs on the records.

A link with `on_delete: restrict` refuses; `cascade` takes the linking record along, `set_null` blanks the
link. What was deleted together bears the same `deleted_at`, and comes back together (`revival.py`). Each row
of a batch answers for what hangs on it alone: what restricts one deletion leaves the others standing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine import codes
from engine.save.fall import Fall, Hold, held_by, linking, links_to, row_of
from engine.save.organisation import keep_closure
from engine.save.sheet import sheet
from engine.save.work import Kind
from engine.save.write import entry, update_rows

if TYPE_CHECKING:
    from engine.save.fall import Key, Tree
    from engine.save.work import Row, Work
    from metadata.catalog import Field


def remove(work: Work) -> None:
    """Put the batch's deleted rows, and what cascades from them, into the bin."""
    roots = {(work.object.id, row.id): row for row in work.sound(Kind.DELETED)}
    fall, front, met = Fall(), {work.object.id: [row.id for row in roots.values()]}, set(roots)
    while any(front.values()):
        front = _next_level(work, front, fall, met)
    gone = _judge(work, fall, roots)
    if gone and (work.mutation.partial or not any(row.details for row in roots.values())):
        store(work, _deleted(work, fall, gone, roots))
        store(work, blanked(work, fall, gone))


def blanked(work: Work, fall: Fall, gone: set[Key]) -> Tree:
    """The records that stay, without their `set_null` links to those that go."""
    tree: Tree = {}
    for hold in fall.of("set_null", gone):
        rows = tree.setdefault(hold.holder[0], {})
        row = rows.setdefault(hold.holder[1], row_of(work, fall.found[hold.holder], Kind.UPDATED))
        row.after[hold.link.name] = _without(row.after[hold.link.name], hold)
    return tree


def store(work: Work, tree: Tree) -> None:
    """Write rows of several objects, in the order in which tables are locked."""
    objects = {target.id: target for target in work.release.catalog.objects.values()}
    for name, rows in sorted(tree.items(), key=lambda item: objects[item[0]].table):
        target = objects[name]
        update_rows(work, target, list(rows.values()))
        keep_closure(work, target, rows.values())
        work.entries.extend(entry(sheet(work.release, target), target, row) for row in rows.values())


def _next_level(work: Work, front: dict[str, list[str]], fall: Fall, met: set[Key]) -> dict[str, list[str]]:
    """Note what points to the records of a level; returns what cascades from it and was not met before."""
    deeper: dict[str, list[str]] = {}
    for target, link in links_to(work, front):
        for values in linking(work, target, link, front[target.id], deleted=False):
            holder = (link.object.id, values["id"])
            for record in held_by(link, values, front[target.id]):
                fall.add(Hold(link=link, holder=holder, held=(target.id, record)), values)
            if link.on_delete == "cascade" and holder not in met:
                met.add(holder)
                deeper.setdefault(link.object.id, []).append(values["id"])
    return deeper


def _judge(work: Work, fall: Fall, roots: dict[Key, Row]) -> set[Key]:
    """Refuse the deletions that something restricts, until nothing does; returns what is deleted then."""
    while True:
        standing = [key for key, row in roots.items() if not row.details]
        gone = fall.gone(standing)
        barred = {hold.held: hold.link for hold in fall.of("restrict", gone)}
        if not barred:
            return gone
        for key in standing:
            if hit := fall.gone([key]) & barred.keys():
                _restrict(work, roots[key], barred[min(hit)])


def _deleted(work: Work, fall: Fall, gone: set[Key], roots: dict[Key, Row]) -> Tree:
    tree: Tree = {}
    for key in (key for key in dict.fromkeys((*roots, *fall.found)) if key in gone):
        row = roots.get(key) or row_of(work, fall.found[key], Kind.DELETED)
        tree.setdefault(key[0], {})[key[1]] = row
    return tree


def _without(value: Any, hold: Hold) -> Any:
    """A link, or a list of links, without the record that goes."""
    if not hold.link.many:
        return None
    return tuple(record for record in value if record != hold.held[1]) or None


def _restrict(work: Work, row: Row, link: Field) -> None:
    if not (work.policy.reads(link.object) and work.policy.readable(link)):
        row.refuse(codes.STILL_REFERENCED, "Other records point to this one.")
        return
    noun = link.object.plural.text(work.actor.language)
    row.refuse(codes.STILL_REFERENCED, "{noun} point to this record.", noun=noun)
