"""What happened to a record, from the journal, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from engine.problem import Refusal
from metadata.catalog import FieldPath
from runtime.web.display import cell
from runtime.web.pages.rights import sees_history
from runtime.web.pages.target import linked_title
from runtime.web.timeline import ChangeLine, Entry, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.fields.contract import FieldType
    from engine.history import Change
    from metadata.catalog import Field, ObjectType
    from runtime.web.pages.visit import Visit

LOOKS = {
    "created": ("circle-plus", "green"), "updated": ("edit", "amber"), "deleted": ("trash", "red"),
    "restored": ("rotate", "cyan"),
}  # fmt: skip
MOST = 30
"""Entries shown beside a record."""
NAMED = 3
"""More changed fields than these are not listed in the sentence."""


def timeline(visit: Visit, target: ObjectType, record: str) -> Timeline:
    """The newest entries of a record's history; none for a reader who may not see it."""
    if not sees_history(visit.signed_in):
        return Timeline(entries=())
    names = _Names(visit)
    return Timeline(
        entries=tuple(
            _entry(visit, one, names) for one in visit.signed_in.history(target, record, limit=MOST)
        )
    )


class _Names:
    """Titles of linked records, each fetched once; "" for one that the reader may not see."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._known: dict[tuple[str, str], str] = {}

    def of(self, target: ObjectType, id_: str) -> str:
        key = (target.name, id_)
        if key not in self._known:
            self._known[key] = linked_title(self._visit, target, id_) or ""
        return self._known[key]

    def actor(self, id_: str | None) -> str:
        people = self._visit.exchange.release.catalog.objects.get("user")
        if id_ is None or people is None:
            return self._visit.reader.text("timeline.system")
        return self.of(people, id_) or self._visit.reader.text("timeline.somebody")


def _entry(visit: Visit, past: Change, names: _Names) -> Entry:
    icon, tone = LOOKS[past.kind]
    changes = tuple(_changes(visit, past, names)) if past.kind == "updated" else ()
    said = ", ".join(change.field for change in changes[:NAMED])
    key = (
        f"timeline.{past.kind}"
        if past.kind != "updated" or 0 < len(changes) <= NAMED
        else "timeline.updated_plain"
    )
    at, actor = past.change_set.at, names.actor(past.change_set.actor)
    return Entry(
        icon=icon, tone=tone, text=visit.reader.text(key, actor=actor, fields=said),
        at=at.isoformat(), when=visit.reader.formats.moment(at, visit.reader.now), changes=changes,
    )  # fmt: skip


def _changes(visit: Visit, past: Change, names: _Names) -> Iterator[ChangeLine]:
    for changed in past.fields:
        field = changed.field
        if not field.system or field.target is not None:
            yield ChangeLine(
                field=field.label.text(visit.reader.language),
                old=_text(visit, field, changed.old, names),
                new=_text(visit, field, changed.new, names),
            )


def _text(visit: Visit, field: Field, kept: Any, names: _Names) -> str:
    """A value of the journal (as JSON has it) the way the record page shows it."""
    try:
        value = cast("FieldType", field.sort).convert(kept)
    except Refusal:
        return str(kept)
    title = names.of(field.target, value) if field.target and value else None
    return cell(FieldPath(field=field), value, title, visit.reader).text
