"""How one object's rows are kept: the columns behind each value, prepared once per Release.

Values of a save are keyed by field name, and by `amount.company` for a companion. What is derived, a sort key
or a part, follows the field's value when a row is written and is never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.journal import to_journal
from engine.series import series_name
from formula.expr import Formula
from metadata.catalog import stages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.fields.contract import FieldType
    from engine.lists import ListTable
    from engine.pattern import Pattern
    from engine.release import Release
    from engine.tables import KeptColumn, KeptField
    from metadata.catalog import Field, ObjectType

COMPANY = ".company"
WORTH = ":company"
"""Ends the id under which the journal tells what an amount is worth to the company, after the field's."""

# What the save itself keeps up; nobody may give values for these.
BOOKKEEPING = frozenset(
    {"id", "created_at", "created_by", "modified_at", "modified_by", "version", "deleted_at"}
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slot:
    """One column: the key of its value, and how the value goes in and comes out."""

    key: str
    column: str
    derived: bool
    derive: Callable[[Any], Any] | None
    encode: Callable[[Any], Any] | None
    decode: Callable[[Any], Any] | None


Numbered = tuple[str, str, "Pattern"]
"""Name of a field, name of its counters, and the pattern of its numbers."""

Recorded = tuple[str, str, str, "Callable[[Any], Any] | None"]
"""Name, id and kind of a field, and how its values look in JSON; None: as they are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """The columns of an object, and its stored fields by what the passes do with them.

    `slots` are all columns, `kept` those that are read back; `fields` may be given by a writer, `recorded`
    go to the journal (not the owner of a part, which is its parent's), as does what they are worth, `worths`,
    by key and with the name of the amount; `blank` is a record with plain
    defaults alone, `defaulted` are computed, `numbered` have numbers that the save takes. `master` is the
    link to what the records are parts of.
    """

    slots: tuple[Slot, ...]
    kept: tuple[Slot, ...]
    fields: Mapping[str, Field]
    recorded: tuple[Recorded, ...]
    required: tuple[Field, ...]
    unique: tuple[Field, ...]
    links: tuple[Field, ...]
    lists: tuple[ListTable, ...]
    members: tuple[Field, ...]
    defaulted: tuple[Field, ...]
    companions: tuple[str, ...]
    worths: tuple[tuple[str, str, str, str], ...]
    numbered: tuple[Numbered, ...]
    master: Field | None
    blank: Mapping[str, object]

    def columns(self, keys: frozenset[str]) -> tuple[Slot, ...]:
        """The columns that hold or follow these values."""
        return tuple(slot for slot in self.slots if slot.key in keys)

    def encoded(self, slots: tuple[Slot, ...], values: Mapping[str, Any]) -> dict[str, object]:
        """A row for the database: column → value in the database's form."""
        row: dict[str, object] = {}
        for slot in slots:
            value = values.get(slot.key)
            if value is not None:
                if slot.derive is not None:
                    value = slot.derive(value)
                if slot.encode is not None and value is not None:
                    value = slot.encode(value)
            row[slot.column] = value
        return row


def sheet(release: Release, target: ObjectType) -> Sheet:
    """The sheet of an object, from the Release; an empty one if the object is a query."""
    return release.statements.get(("sheet", target.id), lambda: _build(release, target))


def _build(release: Release, target: ObjectType) -> Sheet:
    table = release.tables.get(target.id)
    kept = table.kept if table else {}
    slots = tuple(_slot(column) for field in kept.values() for column in field.columns)
    lists = table.lists if table else {}
    stored = {
        name: field
        for name, field in target.fields.items()
        if (name in kept or name in lists) and name not in BOOKKEEPING
    }
    numbered = tuple(_numbered(name, field) for name, field in kept.items() if field.type.series)
    inherited = frozenset({"owner", "department"}) if target.master else frozenset()
    since = {entered.name for entered in stages(target).values()}
    by_save = inherited.union(since, (name for name, _, _ in numbered))
    computed = {name: f for name, f in stored.items() if f.sort.computed}
    by_save = by_save.union(computed)
    fields = {name: f for name, f in stored.items() if not (follows_owner(f) or name in by_save)}
    return Sheet(
        slots=slots,
        kept=tuple(slot for slot in slots if not slot.derived),
        fields=fields,
        recorded=tuple(
            (name, field.id, field.sort.kind, to_journal(cast("FieldType", field.sort)))
            for name, field in stored.items()
            if name not in inherited
        ),
        required=tuple(field for field in fields.values() if field.required),
        unique=tuple(field for field in fields.values() if field.unique),
        links=tuple(field for field in fields.values() if field.target or field.others),
        lists=tuple(lists.values()),
        members=tuple(field for field in fields.values() if field.members),
        defaulted=tuple(field for field in fields.values() if isinstance(field.default, Formula)),
        companions=tuple(slot.key for slot in slots if slot.key.endswith(COMPANY)),
        worths=tuple(
            (slot.key, name, stored[name].id + WORTH, stored[name].sort.kind)
            for slot in slots
            if slot.key.endswith(COMPANY) and (name := slot.key.removesuffix(COMPANY)) in stored
        ),
        numbered=numbered,
        master=target.master,
        blank={name: cast("FieldType", field.sort).convert(None) for name, field in fields.items()}
        | {name: cast("FieldType", field.sort).nothing for name, field in computed.items()}
        | dict(release.defaults[target.id]),
    )


def follows_owner(field: Field) -> bool:
    """Whether the field is the department of the record's owner, which the save sets by itself."""
    return field.system and field.name == "department"


def _numbered(name: str, kept: KeptField) -> Numbered:
    assert kept.type.series is not None
    return name, series_name(kept), kept.type.series


def _slot(kept: KeptColumn) -> Slot:
    stored = kept.stored
    own = stored.role == "part" and stored.derive is None
    return Slot(
        key=f"{kept.field.name}.{stored.part}" if own else kept.field.name,
        column=kept.column.name,
        derived=stored.derive is not None,
        derive=stored.derive,
        encode=stored.encode,
        decode=stored.decode,
    )
