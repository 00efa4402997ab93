"""Step of a migration: derived values that are new, or follow from something else, for rows there are.

What changes a value – its definition, a formula within it, what options carry, a roll-up below – changes
its signature; fields with another one than before are computed anew. Not journalled, as nobody changed
anything: the field began to exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.derived.graph import Group, graph
from engine.derived.scan import Scan
from engine.organisation import read_organisation
from engine.statement import compile_statement
from metadata.derivation import Rollup, expression, formula_paths, reads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.database import Connection, Database, Dialect
    from engine.physical import Physical
    from engine.release import Release
    from engine.steps import Phase
    from metadata.catalog import Catalog, Field, FieldPath

Signature = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FillDerived:
    """The values of a group to compute for all live records; `names` are those that are new or changed."""

    release: Release
    group: Group
    names: tuple[str, ...]
    phase: Phase = "values"
    alone: bool = True

    @property
    def table(self) -> str:
        return self.group.object.table

    def describe(self) -> str:
        return f"compute {', '.join(self.names)} of {self.table}"

    def sql(self, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002  (a step of data, not of the schema)
        return ()

    def done(self, physical: Physical) -> bool:  # noqa: ARG002  (only the rows can tell)
        return False

    def waiting(self, connection: Connection, physical: Physical) -> int:
        """How many records there are."""
        if self.table not in physical.columns:
            return 0
        table = sa.table(self.table, sa.column("deleted_at"))
        counted = sa.select(sa.func.count()).select_from(table).where(table.c.deleted_at.is_(None))
        found = compile_statement(counted, connection.dialect).row(connection)
        return int(found[0]) if found else 0

    def run(self, database: Database) -> int:
        """Compute them, in batches; returns in how many records something was not right."""
        with database.read() as connection:
            given = read_organisation(connection).params
        scan = Scan(release=self.release, database=database, group=self.group, given=given)
        return scan.put_right(lambda _connection, _found: None)


def fillings(old: Release | None, new: Release) -> tuple[FillDerived, ...]:
    """The steps that bring the derived values of one Release to those of another, by level."""
    before = signatures(old.catalog) if old else {}
    after = signatures(new.catalog)
    steps = []
    for group in graph(new).groups:
        changed = [each.field for each in group.derived if before.get(each.field.id) != after[each.field.id]]
        if changed and old is not None and group.object.id in old.tables:
            names = tuple(field.name for field in changed)
            steps.append(FillDerived(release=new, group=group, names=names))
    return tuple(steps)


def signatures(catalog: Catalog) -> dict[str, Signature]:
    """What each derived value of a Catalog follows from, by field id, comparable across Catalogs."""
    known: dict[Field, Signature] = {}
    return {
        field.id: _signature(field, known)
        for target in catalog.objects.values()
        for field in target.fields.values()
        if field.derivation is not None
    }


def _signature(field: Field, known: dict[Field, Signature]) -> Signature:
    if field not in known:
        known[field] = (field.id, *_own(field), *(_path(each, known) for each in _paths(field)))
    return known[field]


def _own(field: Field) -> Iterator[object]:
    """The definition itself, as it was written."""
    derivation = field.derivation
    if isinstance(derivation, Rollup):
        yield (derivation.link.id, derivation.function, derivation.distinct)
        yield (derivation.value is None, derivation.order is None)
    formula = derivation.where if isinstance(derivation, Rollup) else expression(field)
    if formula is not None:
        yield (formula.source.text, formula.blanks)
    if field.sort.computed:
        yield repr(field.sort)


def _paths(field: Field) -> tuple[FieldPath, ...]:
    if field.derivation is not None:
        return tuple(reads(field.derivation))
    return tuple(formula_paths(field.formula)) if field.formula else ()


def _path(path: FieldPath, known: dict[Field, Signature]) -> Signature:
    """Where a path leads, what it means there, and what the options of a picklist carry."""
    links = tuple(link.id for link in path.links)
    carried = (
        tuple((option.id, repr(path.field.attribute(option, path.part))) for option in path.field.options)
        if path.field.attributes and path.part
        else ()
    )
    return (*links, path.part, *carried, _signature(path.field, known))
