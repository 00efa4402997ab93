"""The records that share a key with one that is saved, as the rules and its writer may look at them.

One statement for each object. It reads with the system's eyes what the rules compare, and says of each
record whether the writer may read it: what she may not see is compared and never told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine.access import Action
from engine.codec import id_form
from engine.joins import rules_of
from engine.lists import gathered
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from engine.database import Connection
    from engine.fields.contract import Codec, FieldType
    from engine.policy import Policy
    from engine.reading import Reader
    from engine.release import Release
    from metadata.catalog import Field, ObjectType


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A living record: the values that are compared, by field name; whether the writer may read it."""

    id: str
    seen: bool
    title: str | None
    values: Mapping[str, Any]


def read_candidates(
    connection: Connection,
    reader: Reader,
    target: ObjectType,
    fields: tuple[Field, ...],
    ids: Collection[str],
) -> dict[str, Candidate]:
    """The living ones of these records, by id, with the values of `fields`."""
    release, policy = reader.release, reader.policy
    shape = ("match candidates", target.id, policy.key, tuple(field.id for field in fields))
    statement = release.statements.get(shape, lambda: _build(release, policy, target, fields))
    params = {**reader.given, "ids": id_list(sorted(ids), release.dialect)}
    names = [field.name for field in fields]
    found = {}
    for id_, seen, title, *values in statement.rows(connection, params):
        shown = _shown(target.title, title)
        known = dict(zip(names, values, strict=True))
        found[id_] = Candidate(id=id_, seen=bool(seen), title=shown, values=known)
    return found


def _build(release: Release, policy: Policy, target: ObjectType, fields: tuple[Field, ...]) -> Statement:
    table, dialect = release.tables[target.id].table, release.dialect
    rule = rules_of(release).decision(policy.decide(target, Action.READ), target, table)
    title, decode_title = _title(release, policy, target)
    values = [_value(release, field) for field in fields]
    columns = (table.c.id, sa.func.coalesce(rule, sa.false()), title, *(element for element, _ in values))
    rows = sa.select(*(column.label(f"c{n}") for n, column in enumerate(columns))).where(
        among_ids(table.c.id, "ids", dialect), table.c.deleted_at.is_(None)
    )
    decoders = [id_form(dialect).decode, None, decode_title, *(decode for _, decode in values)]
    return compile_statement(rows, dialect, decoders)


def _title(
    release: Release, policy: Policy, target: ObjectType
) -> tuple[sa.ColumnElement[Any], Codec | None]:
    title = target.title
    if title is None or title.name not in release.tables[target.id].kept or not policy.readable(title):
        return sa.cast(sa.null(), sa.TEXT()), None
    return _value(release, title)


def _value(release: Release, field: Field) -> tuple[sa.ColumnElement[Any], Codec | None]:
    table = release.tables[field.object.id]
    if field.many:
        return gathered(table.lists[field.name], table.table.c.id, release.dialect)
    kept = table.kept[field.name].value
    return kept.column, kept.stored.decode


def _shown(title: Field | None, value: Any) -> str | None:
    if title is None or value is None:
        return None
    see = cast("FieldType", title.sort).seen
    return str(see(value) if see else value)
