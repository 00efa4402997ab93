"""Pass: write the sound rows, one statement for new ones and one for changed ones, and tell the journal.

An update that changes nothing writes nothing: no new version, no journal entry.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.bulk import Bulk, bulk_insert, bulk_update
from engine.journal import Entry
from engine.save.lists import changed_lists, write_lists
from engine.save.sheet import Sheet, sheet
from engine.save.work import Kind

if TYPE_CHECKING:
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import ObjectType

TOUCHED = frozenset({"modified_at", "modified_by", "version"})


def write(work: Work) -> None:
    """Insert and update the rows of the batch's own object."""
    plan = sheet(work.release, work.object)
    if created := work.sound(Kind.CREATED):
        statement = insert(work.release, work.object)
        statement.run(work.connection, [plan.encoded(plan.slots, row.after) for row in created])
        write_lists(work, work.object, created)
        work.written.extend((work.object, row) for row in created)
    changed = [row for row in work.sound(Kind.UPDATED) if changed_keys(plan, row)]
    changed += work.sound(Kind.RESTORED)
    update_rows(work, work.object, changed)
    for row in (*created, *changed):
        work.entries.append(entry(plan, work.object, row))


def write_derived(work: Work) -> None:
    """Update rows whose derived values changed and nothing else: neither version nor time of modification."""
    plan = sheet(work.release, work.object)
    changed = [row for row in work.sound(Kind.UPDATED) if changed_keys(plan, row)]
    update_rows(work, work.object, changed)
    work.entries.extend(replace(entry(plan, work.object, row), kind=Kind.DERIVED) for row in changed)


def update_rows(work: Work, target: ObjectType, rows: list[Row]) -> None:
    """Write the changed columns of rows of any object.

    Each row sets every column that changes in some row.
    """
    if not rows:
        return
    plan = sheet(work.release, target)
    keys = TOUCHED.union(*(changed_keys(plan, row) for row in rows))
    slots = plan.columns(keys)
    statement = _update(work.release, target, tuple(slot.column for slot in slots))
    identified = plan.columns(keys | {"id"})
    statement.run(work.connection, [plan.encoded(identified, row.after) for row in rows])
    write_lists(work, target, rows)
    work.written.extend((target, row) for row in rows)


def changed_keys(plan: Sheet, row: Row) -> frozenset[str]:
    """The values of a row that are not what they were, bookkeeping aside."""
    columns = (
        slot.key
        for slot in plan.kept
        if slot.key not in TOUCHED and row.after[slot.key] != row.before[slot.key]
    )
    return frozenset((*columns, *(kept.field.name for kept in changed_lists(row, plan.lists))))


def entry(plan: Sheet, target: ObjectType, row: Row) -> Entry:
    """What the journal says of a row: for each field that changed its id, kind, old and new value.

    And so for what an amount is worth to the company, unless that is the amount itself.
    """
    before, after = row.before, row.after
    changes = []
    for name, identity, kind, json in plan.recorded:
        old, new = before.get(name), after.get(name)
        if old != new:
            changes.append((identity, kind, json(old), json(new)) if json else (identity, kind, old, new))
    for key, name, identity, kind in plan.worths:
        worth = before.get(key), after.get(key)
        if worth[0] != worth[1] and worth != (before.get(name), after.get(name)):
            changes.append((identity, kind, *worth))
    return Entry(
        object=target.id, record=row.id, version=int(after["version"]), kind=row.kind, changes=changes
    )


def insert(release: Release, target: ObjectType) -> Bulk:
    """The statement that inserts records of an object, from the Release."""
    names = [slot.column for slot in sheet(release, target).slots]
    table = release.tables[target.id].table
    return release.statements.get(("insert", target.id), lambda: bulk_insert(table, names, release.dialect))


def _update(release: Release, target: ObjectType, names: tuple[str, ...]) -> Bulk:
    table = release.tables[target.id].table
    shape = ("update", target.id, names)
    return release.statements.get(shape, lambda: bulk_update(table, names, release.dialect))
