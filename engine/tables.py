"""From the Catalog's objects to tables: one real table per object, one real column per stored field.

Pure: it describes tables and indexes and creates nothing (that is `migration.py`). Names are the physical
names of the Catalog, so they survive every rename. `prepare` in `release.py` calls it once per Release.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.codec import id_form
from engine.codes import RESERVED_NAME, TOO_WIDE
from engine.constraint import ForeignKey, TableIndex, foreign_key, index, short_name
from engine.fields.contract import TEXT_PART
from engine.lists import ListTable, build_list, list_name
from engine.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.database import Dialect
    from engine.fields.contract import FieldType, Stored
    from metadata.catalog import Catalog, Field, ObjectType

LOCK_COLUMN = "locked_by_run"
"""The run that holds the record; a column of every table, but no Field."""

CURRENCY_FIELD = "currency"
"""The field that says which currency a record's amounts are in; without it they are in the company's."""

SYSTEM_PREFIX = "s_"
MOST_COLUMNS = 1500
"""PostgreSQL's limit is 1,600 and counts dropped columns, SQLite's is 2,000."""

_UNBOUND = frozenset({"created_by", "modified_by"})
"""Links that the engine itself sets; a foreign key would cost each save and could never fail."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptColumn:
    """A column with the field and the role it serves."""

    field: Field
    stored: Stored
    column: sa.Column[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptField:
    """All columns of one stored field; `parts` by their names."""

    field: Field
    type: FieldType
    value: KeptColumn
    sort: KeptColumn | None = None
    parts: Mapping[str, KeptColumn]

    @property
    def columns(self) -> tuple[KeptColumn, ...]:
        """Those it has, the value first."""
        return (self.value, *((self.sort,) if self.sort else ()), *self.parts.values())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ObjectTable:
    """The table of one object. `kept` and `lists` are keyed by field name and hold stored fields that are not
    retired: those with columns of the table, and those with a table of their own.
    """

    object: ObjectType
    table: sa.Table
    kept: Mapping[str, KeptField]
    lists: Mapping[str, ListTable]
    indexes: tuple[TableIndex, ...]
    foreign_keys: tuple[ForeignKey, ...]
    unique: Mapping[str, Field]

    @property
    def locked_by_run(self) -> sa.Column[Any]:
        """The id of the run that holds the record, or NULL."""
        return self.table.c[LOCK_COLUMN]

    @property
    def currency(self) -> KeptField | None:
        """The field with the record's currency code."""
        return self.kept.get(CURRENCY_FIELD)

    def clashing(self, constraint: str) -> Field | None:
        """The unique field that a database names by `constraint` (see `UniqueClash`), or None."""
        return self.unique.get(constraint)


def build_tables(catalog: Catalog, dialect: Dialect) -> Mapping[str, ObjectTable]:
    """Return the tables of all objects that are neither retired nor queries, by object id.

    Raises:
        Problem: an object has a system table's name, or too many columns.
    """
    metadata = sa.MetaData()
    objects = [each for each in catalog.objects.values() if not (each.retired or each.query)]
    _refuse_clashes(objects)
    return MappingProxyType({target.id: build_table(target, dialect, metadata) for target in objects})


def build_table(target: ObjectType, dialect: Dialect, metadata: sa.MetaData) -> ObjectTable:
    """Return the table of one object."""
    kept = {field.name: _kept(field, dialect) for field in target.fields.values() if _has_column(field)}
    columns = [column.column for field in kept.values() for column in field.columns]
    lock = sa.Column(LOCK_COLUMN, id_form(dialect).type)
    _check(target, len(columns) + 1)
    table = sa.Table(target.table, metadata, *columns, lock)
    unique = {
        key: field.field for field in kept.values() if field.field.unique for key in _clash_keys(field.field)
    }
    return ObjectTable(
        object=target,
        table=table,
        kept=MappingProxyType(kept),
        lists=MappingProxyType(dict(_lists(target, dialect, metadata))),
        indexes=_once(_indexes(target, kept)),
        foreign_keys=tuple(_foreign_keys(kept)),
        unique=MappingProxyType(unique),
    )


def _once(indexes: Iterable[TableIndex]) -> tuple[TableIndex, ...]:
    """Each list of columns once; the unique index serves for the plain one as well."""
    made: dict[tuple[str, ...], TableIndex] = {}
    for each in indexes:
        if each.unique or each.columns not in made:
            made[each.columns] = each
    return tuple(made.values())


def _refuse_clashes(objects: Sequence[ObjectType]) -> None:
    """A list's table is called after its object and field, which may be what another object is called."""
    owners = {target.table: target.name for target in objects}
    for field in (field for target in objects for field in target.fields.values() if field.many):
        name, place = list_name(field), f"{field.object.name}.{field.name}"
        if owners.setdefault(name, place) != place:
            message = f"The list {place} cannot have the table {name}: {owners[name]} has it."
            raise Problem(RESERVED_NAME, message, hint=RESERVED_NAME.mend)


def _check(target: ObjectType, columns: int) -> None:
    if target.table.startswith(SYSTEM_PREFIX):
        message = f"The object {target.name} cannot have the table {target.table}."
        raise Problem(RESERVED_NAME, message, hint=RESERVED_NAME.mend)
    if columns > MOST_COLUMNS:
        message = f"The object {target.name} needs {columns} columns; {MOST_COLUMNS} are possible."
        raise Problem(TOO_WIDE, message, hint=TOO_WIDE.mend)


def _has_column(field: Field) -> bool:
    return field.sort.stored and not field.many and not field.retired


def _lists(target: ObjectType, dialect: Dialect, metadata: sa.MetaData) -> Iterator[tuple[str, ListTable]]:
    for field in target.fields.values():
        if field.many and not field.retired:
            yield field.name, build_list(target, field, dialect, metadata)


def _kept(field: Field, dialect: Dialect) -> KeptField:
    kind = cast("FieldType", field.sort)
    columns = [
        KeptColumn(field=field, stored=stored, column=_column(field, stored))
        for stored in kind.columns(dialect)
    ]
    return KeptField(
        field=field,
        type=kind,
        value=next(column for column in columns if column.stored.role == "value"),
        sort=next((column for column in columns if column.stored.role == "sort"), None),
        parts=MappingProxyType({c.stored.part: c for c in columns if c.stored.role == "part"}),
    )


def _column(field: Field, stored: Stored) -> sa.Column[Any]:
    identity = field.system and field.name == "id"
    default = stored.server_default
    return sa.Column(
        f"{field.column}{stored.suffix}",
        stored.type,
        primary_key=identity,
        nullable=default is None and not identity,
        server_default=sa.text(default) if default else None,
    )


def _indexes(target: ObjectType, kept: Mapping[str, KeptField]) -> Iterator[TableIndex]:
    """Unique fields first: an index that is declared twice, or for two reasons, is made once."""
    for name, field in kept.items():
        if field.field.unique:
            yield index(target.table, (field.value.column.name,), unique=True)
        if field.field.target and name not in _UNBOUND:
            yield index(target.table, (field.value.column.name,))
        for column in field.columns:
            if column.stored.indexed:
                yield index(target.table, (column.column.name,))
    for declared in target.indexes:
        columns = (_compared(kept[field.name]) for field in declared.fields if field.name in kept)
        yield index(target.table, tuple(columns), unique=declared.unique)
    title = kept.get(target.title.name) if target.title else None
    if title and title.sort:
        yield index(target.table, (title.sort.column.name, "id"))


def _compared(field: KeptField) -> str:
    """The column that conditions compare: of a value made of parts its text."""
    return field.parts.get(TEXT_PART, field.value).column.name


def _clash_keys(field: Field) -> tuple[str, str]:
    """What PostgreSQL (the index) and SQLite (table.column) call a clash in this field."""
    place = f"{field.object.table}.{field.column}"
    return short_name(f"uq_{place}"), place


def _foreign_keys(kept: Mapping[str, KeptField]) -> Iterator[ForeignKey]:
    for name, field in kept.items():
        target = field.field.target
        if target is None or target.retired or name in _UNBOUND:
            continue
        yield foreign_key(field.field.object.table, field.value.column.name, target.table)
