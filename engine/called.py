"""What people call records that are known by their ids alone: titles of any objects' records at once.

As far as the reader may see them; an id of a record that she may not read has no title. Used by pages that
show what the journal, a refusal or an address names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.access import Action
from engine.codec import id_form
from engine.joins import Joins
from engine.statement import Statement, among_ids, compile_statement, id_list, leading
from formula.expr import Call, Reference
from formula.sql import to_sql
from formula.types import TEXT, Kind
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.bench import Bench
    from engine.policy import Policy
    from engine.release import Release
    from metadata.catalog import Field, ObjectType

_UNSPOKEN = frozenset({Kind.BOOLEAN, Kind.MULTIPICKLIST})
"""What no text stands for."""


def called(bench: Bench, wanted: Mapping[ObjectType, Iterable[str]]) -> dict[str, str]:
    """Titles by id, of ids by their objects; one statement, whatever their number."""
    release, policy = bench.release, bench.policy
    asked = {target: sorted(set(ids)) for target, ids in wanted.items() if _title(policy, target)}
    targets = tuple(target for target, ids in asked.items() if ids)
    if not targets:
        return {}
    key = ("called", policy.key, tuple(target.id for target in targets))
    statement = release.statements.get(key, lambda: _build(release, policy, targets))
    params = {f"ids_{n}": id_list(asked[target], release.dialect) for n, target in enumerate(targets)}
    reader = bench.reader()
    with bench.reading() as connection:
        rows = statement.rows(connection, {**reader.given, **params})
    return {id_: title for id_, title in rows if title}


def _title(policy: Policy, target: ObjectType) -> Field | None:
    """The field that names a record, if the reader may see it."""
    title = target.title
    if target.retired or title is None or not policy.reads(target) or not policy.readable(title):
        return None
    return None if title.sort.type.kind in _UNSPOKEN else title


def _build(release: Release, policy: Policy, targets: tuple[ObjectType, ...]) -> Statement:
    parts = [_names(release, policy, target, f"ids_{n}") for n, target in enumerate(targets)]
    whole = parts[0] if len(parts) == 1 else sa.union_all(*parts)
    return compile_statement(whole, release.dialect, (id_form(release.dialect).decode, None))


def _names(release: Release, policy: Policy, target: ObjectType, name: str) -> sa.Select[Any]:
    joins = Joins(release, policy, target)
    identity, deleted = (
        joins.column(FieldPath(field=target.fields[each])).element for each in ("id", "deleted_at")
    )
    title = _title(policy, target)
    assert title is not None, "objects without one are not asked for"
    ids = among_ids(identity, name, release.dialect)
    rule = joins.row_rule(policy.decide(target, Action.READ))
    rows = sa.select(identity.label("id"), _text(joins, release, title).label("title")).select_from(
        joins.source
    )
    return rows.where(leading(ids, rule, release.dialect), deleted.is_(None))


def _text(joins: Joins, release: Release, title: Field) -> sa.ColumnElement[Any]:
    path = FieldPath(field=title)
    column = joins.column(path)
    if column.type.kind is Kind.TEXT:
        return column.element
    function = release.language.functions["TEXT"]
    call = Call(
        function=function, arguments=(Reference(name=path.name, type=path.type, key=path),), type=TEXT
    )
    return to_sql(call, release.dialect.backend, joins.reference).element
