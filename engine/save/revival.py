"""Passes: restoring from the recycle bin, with all that went in together with the records.

Before anything is written, each record that would come along is asked whether its unique values are still
free: what it clashes in is told at the record that it went along with, which then stays where it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine import codes
from engine.save.check import check_unique
from engine.save.distinct import check_distinct
from engine.save.facts import gather
from engine.save.fall import held_by, linking, links_to, row_of
from engine.save.removal import store
from engine.save.sheet import sheet
from engine.save.work import Facts, Kind

if TYPE_CHECKING:
    from engine.save.fall import Key, Tree
    from engine.save.work import Row, Work


def check_revived(work: Work) -> None:
    """Refuse rows with which something comes back whose unique values somebody else has by now."""
    roots = work.sound(Kind.RESTORED)
    if not roots:
        return
    tree, origins = _revived(work, roots)
    objects = {target.id: target for target in work.release.catalog.objects.values()}
    for name, rows in tree.items():
        plan, target = sheet(work.release, objects[name]), objects[name]
        if not plan.unique and not any(index.unique for index in target.indexes):
            continue
        along = replace(
            work, mutation=replace(work.mutation, object=target, changes=()), rows=list(rows.values()),
            facts=Facts(), entries=[],
        )  # fmt: skip
        gather(along)
        for field in plan.unique:
            check_unique(along, field)
        check_distinct(along)
        for row in along.rows:
            if row.details:
                _refuse(origins[name, row.id], row, target.label.text(work.actor.language))


def revive(work: Work) -> None:
    """Bring back what went into the bin together with the batch's restored rows."""
    tree, _ = _revived(work, work.sound(Kind.RESTORED))
    store(work, tree)


def _refuse(root: Row, row: Row, noun: str) -> None:
    title = f"{noun} {row.id}"
    for detail in row.details:
        root.refuse(
            codes.NOT_UNIQUE, "{record}, which would come back too: {why}", record=title, why=detail.message
        )


def _revived(work: Work, roots: list[Row]) -> tuple[Tree, dict[Key, Row]]:
    """What comes back with the rows, by object and id, and with which of them."""
    front: Tree = {work.object.id: {row.id: row for row in roots}}
    origins = {(work.object.id, row.id): row for row in roots}
    revived: Tree = {}
    while any(front.values()):
        front = _level(work, front, revived, origins)
    return revived, origins


def _level(work: Work, front: Tree, revived: Tree, origins: dict[Key, Row]) -> Tree:
    deeper: Tree = {}
    for target, link in links_to(work, front):
        if link.on_delete != "cascade":
            continue
        times = {row.id: row.before["deleted_at"] for row in front[target.id].values()}
        for values in linking(work, target, link, list(times), deleted=True):
            known = revived.setdefault(link.object.id, {})
            parents = [id_ for id_ in held_by(link, values, times) if times[id_] == values["deleted_at"]]
            key = (link.object.id, values["id"])
            if parents and key not in origins:
                origins[key] = origins[target.id, parents[0]]
                known[values["id"]] = row_of(work, values, Kind.RESTORED)
                deeper.setdefault(link.object.id, {})[values["id"]] = known[values["id"]]
    return deeper
