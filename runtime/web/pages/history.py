"""What happened to a record, from the journal, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from engine.pointing import pointed
from engine.problem import Refusal
from metadata.catalog import FieldPath
from metadata.system import USER
from runtime.web.cell import BLANK, Cell
from runtime.web.display import cell, files_at, holds_files, in_its_currency
from runtime.web.pages.rights import sees_history
from runtime.web.pages.titles import titles_of
from runtime.web.timeline import ChangeLine, Entry, History, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.changeset import ChangeSet
    from engine.fields.contract import FieldType
    from engine.history import Change
    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from runtime.web.pages.visit import Visit

    Names = Mapping[str, str]

LOOKS = {
    "created": ("circle-plus", "green"), "updated": ("edit", "amber"), "deleted": ("trash", "red"),
    "restored": ("rotate", "cyan"), "derived": ("link", "gray"),
    "revealed": ("eye", "gray"),
}  # fmt: skip
CHANGED = frozenset({"updated", "derived"})
FEW, MOST = 20, 100
"""Entries shown beside a record, and in its history."""
NAMED = 3
"""More changed fields than these are not listed in the sentence."""


def timeline(visit: Visit, record: Record, more: str) -> Timeline:
    """The newest entries of a record's history; none for a reader who may not see it."""
    entries = _entries(visit, record, FEW)
    return Timeline(entries=entries, more=more if len(entries) == FEW else "")


def history(visit: Visit, record: Record) -> History:
    """All entries, up to `MOST`."""
    return History(entries=_entries(visit, record, MOST))


def _entries(visit: Visit, record: Record, limit: int) -> tuple[Entry, ...]:
    if not sees_history(visit.signed_in):
        return ()
    past = visit.signed_in.history(record.object, record.id, limit=limit)
    names = _names(visit, past)
    return tuple(_entry(visit, record, one, names) for one in past)


def _names(visit: Visit, past: Iterable[Change]) -> Names:
    """Titles of all records that the changes name, in one statement."""
    listed = tuple(past)
    sets = [one.change_set for one in listed]
    people = {id_ for made in sets for id_ in (made.actor, made.impersonator) if id_}
    changed = [item for one in listed for item in one.fields]
    return names_in(
        visit, ((item.field, value) for item in changed for value in (item.old, item.new)), people
    )


def names_in(visit: Visit, values: Iterable[tuple[Field, Any]], people: Iterable[str] = ()) -> Names:
    """Titles of the people and of all records that values of fields, as JSON has them, lead to."""
    users = visit.exchange.release.catalog.objects.get(USER)
    wanted: dict[Any, set[str]] = {users: set(people)} if users else {}
    for field, value in values:
        if (found := _linked(field, value)) is not None:
            wanted.setdefault(found[0], set()).add(found[1])
        if field.members is not None:
            wanted.setdefault(field.members, set()).update(value or ())
    return titles_of(visit, wanted)


def _linked(field: Field, value: Any) -> tuple[ObjectType, str] | None:
    """The object and the id of the record that the value of a link meant; None of what is none."""
    if not isinstance(value, str) or not (field.target or field.others):
        return None
    target, record = pointed(field, value)
    return None if target is None else (target, record)


def _entry(visit: Visit, record: Record, past: Change, names: Names) -> Entry:
    icon, tone = LOOKS[past.kind]
    changes = tuple(_changes(visit, record, past, names)) if past.kind in CHANGED else ()
    said = ", ".join(change.field for change in changes[:NAMED])
    plain = past.kind == "updated" and not 0 < len(changes) <= NAMED
    at, actor = past.at, _actors(visit, past.change_set, names)
    address = visit.reader.link(f"/o/{record.object.name}/{record.id}/as-of")
    return Entry(
        icon=icon, tone=tone, actor=actor,
        text=visit.reader.text(f"timeline.{past.kind}" + "_plain" * plain, actor=actor, fields=said),
        at=at.isoformat(), when=visit.reader.formats.moment(at, visit.reader.now), changes=changes,
        href=f"{address}?{urlencode({'at': at.isoformat()})}",
    )  # fmt: skip


def _actors(visit: Visit, made: ChangeSet, names: Names) -> str:
    """Who did it; where somebody acted as another user, both."""
    actor = _actor(visit, made.actor, names)
    if made.impersonator is None:
        return actor
    return visit.reader.text("timeline.as", person=_actor(visit, made.impersonator, names), user=actor)


def _actor(visit: Visit, id_: str | None, names: Names) -> str:
    if id_ is None or USER not in visit.exchange.release.catalog.objects:
        return visit.reader.text("timeline.system")
    return names.get(id_) or visit.reader.text("timeline.somebody")


def _changes(visit: Visit, record: Record, past: Change, names: Names) -> Iterator[ChangeLine]:
    for changed in past.fields:
        field, path = changed.field, FieldPath(field=changed.field, part=changed.part)
        # What an amount is worth is told where it alone changed; else it goes with the amount.
        told = past.kind == "derived" or not changed.part
        if told and (not field.system or field.target is not None):
            label = field.label.text(visit.reader.language)
            yield ChangeLine(
                field=visit.reader.text("timeline.worth", field=label) if changed.part else label,
                old=cell_of(visit, record, path, changed.old, names),
                new=cell_of(visit, record, path, changed.new, names),
            )


def cell_of(visit: Visit, record: Record, path: FieldPath, kept: Any, names: Names) -> Cell:
    """A value of the journal (as JSON has it) the way the record page shows it."""
    field = path.field
    try:
        value = cast("FieldType", field.sort).convert(kept)
    except Refusal:
        return Cell(kind="text", text=str(kept))
    linked = _linked(field, value)
    title = names.get(linked[1]) if linked else None
    reader = in_its_currency(path, record, visit.reader)
    listed = tuple(names.get(one) for one in value) if field.members is not None and value else ()
    held = files_at(path, record, reader) if holds_files(field) else ""
    return BLANK if value is None else cell(path, value, title, reader, listed, held)
