"""What happened to a record, as its reader may see it: journal entries without the fields hidden from her."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.journal import ERASED, from_journal, read_history

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from engine.changeset import ChangeSet
    from engine.database import Connection
    from engine.fields.contract import FieldType
    from engine.journal import Past
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import Field, ObjectType


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A field with its old and new value, as JSON has them; both None where they were `erased` since.

    Of an amount `part` may be "company": what it was and is worth to the company.
    """

    field: Field
    old: Any
    new: Any
    erased: bool = False
    part: str = ""

    @property
    def name(self) -> str:
        """`amount`, or `amount.company`."""
        return f"{self.field.name}.{self.part}" if self.part else self.field.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One version of a record: what happened at the instant `at`, and which fields changed."""

    version: int
    kind: str
    at: datetime
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
        at=entry.at,
        fields=tuple(changed_fields(visible, entry.changes)),
        change_set=entry.change_set,
    )


def changed_fields(
    visible: Mapping[str, Field], changes: Iterable[tuple[str, str, Any, Any]]
) -> Iterator[Changed]:
    """The changes of an entry as JSON shows them, of the `visible` fields, by id."""
    for name, sort, old, new in changes:
        id_, _, part = name.partition(":")
        if id_ in visible:
            yield _changed(visible[id_], sort, old, new, part)


def _changed(field: Field, sort: str, old: Any, new: Any, part: str) -> Changed:
    kind = cast("FieldType", field.sort)
    values = from_journal(kind, old), from_journal(kind, new)
    return Changed(field=field, old=values[0], new=values[1], erased=sort == ERASED, part=part)
