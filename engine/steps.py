"""The steps of a migration: frozen, comparable in a plan, performing nothing themselves.

Every step of this file only adds, so going back to an earlier release needs no step: what that release does
not know stays where it is. A step knows its SQL, whether it was done before, and what it means for the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from sqlalchemy.schema import CreateColumn

from engine.lists import ListTable

if TYPE_CHECKING:
    from engine.constraint import ForeignKey, TableIndex
    from engine.database import Dialect
    from engine.physical import Physical
    from engine.tables import KeptColumn, ObjectTable

Phase: TypeAlias = Literal["tables", "columns", "links", "values", "indexes"]
"""Steps of one phase are performed before those of the next."""


class MigrationStep(Protocol):
    """One change of the schema."""

    @property
    def phase(self) -> Phase:
        """When it is performed."""

    @property
    def table(self) -> str:
        """The table it changes."""

    @property
    def alone(self) -> bool:
        """Whether it may take long on a big table, and so gets a transaction, or none, of its own."""

    def describe(self) -> str:
        """One line for the plan."""

    def sql(self, dialect: Dialect) -> tuple[str, ...]:
        """The statements that perform it."""

    def done(self, physical: Physical) -> bool:
        """Whether the database has it already."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CreateTable:
    """A table, with all its columns, for a new object or for the values of a new list field."""

    target: ObjectTable | ListTable
    phase: Phase = "tables"
    alone: bool = False

    @property
    def table(self) -> str:
        return self.target.table.name

    def describe(self) -> str:
        match self.target:
            case ListTable(field=owner):
                return f"create table {self.table} for the values of {owner.object.name}.{owner.name}"
            case _:
                return f"create table {self.table} with {len(self.target.table.columns)} columns"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:
        links = {key.column: key for key in self.target.foreign_keys}
        columns = [_column(column, dialect, links.get(column.name)) for column in self.target.table.columns]
        key = [_quoted(column.name, dialect) for column in self.target.table.primary_key]
        # Rows lie in the order of a key of several columns: a record's whole list is read from one place.
        ordered = ", WITHOUT ROWID" if len(key) > 1 else ""
        kind = f" STRICT{ordered}" if dialect.sqlite else ""
        body = ", ".join([*columns, f"PRIMARY KEY ({', '.join(key)})"])
        return (f"CREATE TABLE {_quoted(self.table, dialect)} ({body}){kind}",)

    def done(self, physical: Physical) -> bool:
        return self.table in physical.columns


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AddColumn:
    """A column for a new field: an instant change of the table's description, whatever its size."""

    kept: KeptColumn
    link: ForeignKey | None = None
    phase: Phase = "columns"
    alone: bool = False

    @property
    def table(self) -> str:
        return self.kept.field.object.table

    def describe(self) -> str:
        return f"add column {self.table}.{self.kept.column.name}"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:
        column = _column(self.kept.column, dialect, self.link)
        return (f"ALTER TABLE {_quoted(self.table, dialect)} ADD COLUMN {column}",)

    def done(self, physical: Physical) -> bool:
        return physical.has_column(self.table, self.kept.column.name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AddLink:
    """A foreign key on PostgreSQL; SQLite has it in the column."""

    key: ForeignKey
    phase: Phase = "links"
    alone: bool = False

    @property
    def table(self) -> str:
        return self.key.table

    def describe(self) -> str:
        return f"link {self.table}.{self.key.column} to {self.key.target}"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:
        if dialect.sqlite:
            return ()
        # NOT VALID: existing rows, where the new column is blank, need not be read under the lock.
        table, name, column = (_quoted(n, dialect) for n in (self.table, self.key.name, self.key.column))
        link = f"FOREIGN KEY ({column}) {_references(self.key, dialect)} NOT VALID"
        return (f"ALTER TABLE {table} ADD CONSTRAINT {name} {link}",)

    def done(self, physical: Physical) -> bool:
        return self.key.name in physical.foreign_keys


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AddIndex:
    """An index; a unique one covers live rows only, and needs them to differ."""

    index: TableIndex
    alone: bool
    phase: Phase = "indexes"

    @property
    def table(self) -> str:
        return self.index.table

    def describe(self) -> str:
        unique = "unique " if self.index.unique else ""
        return f"add {unique}index on {self.table} ({', '.join(self.index.columns)})"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:
        name, table = _quoted(self.index.name, dialect), _quoted(self.table, dialect)
        columns = [_quoted(column, dialect) for column in self.index.columns]
        unique = "UNIQUE " if self.index.unique else ""
        live = f" WHERE {_quoted('deleted_at', dialect)} IS NULL" if self.index.unique else ""
        if dialect.sqlite or not self.alone:
            return (f"CREATE {unique}INDEX {name} ON {table} ({', '.join(columns)}){live}",)
        # An attempt that was cut off leaves an invalid index behind.
        return (
            f"DROP INDEX IF EXISTS {name}",
            f"CREATE {unique}INDEX CONCURRENTLY {name} ON {table} ({', '.join(columns)}){live}",
        )

    def done(self, physical: Physical) -> bool:
        return self.index.name in physical.indexes


def _column(column: object, dialect: Dialect, link: ForeignKey | None) -> str:
    written = str(CreateColumn(column).compile(dialect=dialect.sa_dialect))  # type: ignore[arg-type]
    return f"{written} {_references(link, dialect)}" if link and dialect.sqlite else written


def _references(key: ForeignKey, dialect: Dialect) -> str:
    # Deferred: rows of one transaction may arrive in any order.
    target = _quoted(key.target, dialect)
    along = " ON DELETE CASCADE" if key.cascade else ""
    return f"REFERENCES {target} ({_quoted('id', dialect)}){along} DEFERRABLE INITIALLY DEFERRED"


def _quoted(name: str, dialect: Dialect) -> str:
    return dialect.sa_dialect.identifier_preparer.quote(name)
