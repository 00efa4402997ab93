"""What happened to a record, as its reader may see it: journal entries without the fields hidden from her."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.journal import from_journal, read_history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.changeset import ChangeSet
    from engine.database import Connection
    from engine.fields.contract import FieldType
    from engine.journal import Past
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import Field, ObjectType


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A field with its old and new value, as JSON has them."""

    field: Field
    old: Any
    new: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One version of a record: what happened, and which fields changed."""

    version: int
    kind: str
    fields: tuple[Changed, ...]
    change_set: ChangeSet


def history(
    connection: Connection, release: Release, policy: Policy, target: ObjectType, record: str, limit: int
) -> tuple[Change, ...]:
    """The newest changes of a record, newest first; whether the record may be read, the caller has asked."""
    visible = {field.id: field for field in target.fields.values() if policy.readable(field)}
    past = read_history(connection, release, target.id, record, limit)
    return tuple(_change(entry, visible) for entry in past)


def _change(entry: Past, visible: Mapping[str, Field]) -> Change:
    return Change(
        version=entry.version,
        kind=entry.kind,
        fields=tuple(
            _changed(visible[id_], old, new) for id_, _, old, new in entry.changes if id_ in visible
        ),
        change_set=entry.change_set,
    )


def _changed(field: Field, old: Any, new: Any) -> Changed:
    kind = cast("FieldType", field.sort)
    return Changed(field=field, old=from_journal(kind, old), new=from_journal(kind, new))
