"""Derived values that are not what they were, written with what the journal and the search index say of them.

The record's version, and when and by whom it was changed, stay: whoever is editing it is not in the way of
what follows from other records.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from engine.bulk import Bulk, bulk_update
from engine.journal import Entry, to_journal
from engine.save.sheet import sheet
from engine.save.work import Kind
from engine.search.documents import write_documents
from engine.search.rebuild import documents
from engine.search.searched import searched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.database import Connection
    from engine.derived.computing import Found
    from engine.derived.graph import Group
    from engine.fields.contract import FieldType
    from engine.release import Release
    from engine.save.work import Work


def store(work: Work, group: Group, wrong: Sequence[Found]) -> None:
    """Write the right values of these records; two statements at most, however many there are."""
    if not wrong:
        return
    write_values(work.release, work.connection, group, wrong)
    _tell(work, entries(group, wrong))
    _follow_rows(work, group, wrong)
    _index(work, group, wrong)


def _tell(work: Work, made: Sequence[Entry]) -> None:
    """One entry for all that followed of a record in the save, whichever levels it was in."""
    known = {(each.object, each.record): each for each in work.entries if each.kind is Kind.DERIVED}
    for each in made:
        held = known.get((each.object, each.record))
        if held is None:
            work.entries.append(each)
        else:
            work.entries[work.entries.index(held)] = replace(held, changes=(*held.changes, *each.changes))


def write_values(release: Release, connection: Connection, group: Group, wrong: Sequence[Found]) -> None:
    """Write them, and nothing else."""
    plan = sheet(release, group.object)
    names = frozenset(each.field.name for each in group.derived)
    slots = plan.columns(names | {"id"})
    rows = [plan.encoded(slots, {**each.right, "id": each.id}) for each in wrong]
    _update(release, group).run(connection, rows)


def entries(group: Group, wrong: Sequence[Found]) -> list[Entry]:
    """What the journal says: the old and the new values, under the version that the record has."""
    kept = [(each.field, to_journal(cast("FieldType", each.field.sort))) for each in group.derived]
    made = []
    for each in wrong:
        changes = []
        for field, json in kept:
            old, new = each.stored[field.name], each.right[field.name]
            if old != new:
                changes.append(
                    (field.id, field.sort.kind, json(old) if json else old, json(new) if json else new)
                )
        made.append(
            Entry(
                object=group.object.id,
                record=each.id,
                version=each.version,
                kind=Kind.DERIVED,
                changes=changes,
            )
        )
    return made


def _update(release: Release, group: Group) -> Bulk:
    plan, table = sheet(release, group.object), release.tables[group.object.id].table
    names = [slot.column for slot in plan.columns(frozenset(each.field.name for each in group.derived))]
    return release.statements.get(
        ("derived update", group), lambda: bulk_update(table, names, release.dialect)
    )


def _follow_rows(work: Work, group: Group, wrong: Sequence[Found]) -> None:
    """The batch's own rows show the passes after this one what is stored."""
    if group.object is work.object:
        rows = {row.id: row for row in work.rows}
        for each in wrong:
            if each.id in rows:
                rows[each.id].after.update(each.right)


def _index(work: Work, group: Group, wrong: Sequence[Found]) -> None:
    """The search documents of other records than the batch's own, whose documents the save keeps."""
    own = {row.id for row in work.rows} if group.object is work.object else set()
    write_searched(work.release, work.connection, group, [each for each in wrong if each.id not in own])


def write_searched(release: Release, connection: Connection, group: Group, wrong: Sequence[Found]) -> None:
    """Write the search documents of records of which a searched value was written."""
    found = searched(release, group.object)
    names = {each.field.name for each in found.fields}
    if stale := [each.id for each in wrong if not names.isdisjoint(each.wrong)]:
        made = documents(connection, release.tables[group.object.id], stale)
        write_documents(connection, group.object, made)
