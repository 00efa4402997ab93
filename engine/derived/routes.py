"""From records that changed to those whose derived values they touch, against the direction of the links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.codec import id_form
from engine.statement import Statement, among_ids, compile_statement

if TYPE_CHECKING:
    from engine.derived.graph import Trigger
    from engine.release import Release
    from metadata.catalog import Field


def route(release: Release, trigger: Trigger) -> Statement:
    """The statement that answers which records a trigger leads to from the records `ids`."""
    return release.statements.get(("route", trigger), lambda: _build(release, trigger))


def _build(release: Release, trigger: Trigger) -> Statement:
    rollup, form = trigger.derived.rollup, id_form(release.dialect)
    reader = trigger.derived.field.object if rollup is None else rollup.link.object
    table = release.tables[reader.id].table
    leading = _leading(release, trigger.links, table)
    if rollup is None:
        return compile_statement(sa.select(table.c.id).where(leading), release.dialect, [form.decode])
    kept = release.tables[reader.id].kept[rollup.link.name]
    element = kept.parts["id"].column if rollup.link.others else kept.value.column
    rows = sa.select(element).distinct().where(leading, element.is_not(None))
    if rollup.link.others:
        code = kept.parts["object"].column
        rows = rows.where(code == sa.literal(trigger.derived.field.object.table, code.type))
    return compile_statement(rows, release.dialect, [form.decode])


def _leading(release: Release, links: tuple[Field, ...], table: sa.FromClause) -> sa.ColumnElement[bool]:
    """That links lead from a row to one of the records `ids`."""
    column: sa.ColumnElement[Any] = table.c[links[0].column]
    if len(links) == 1:
        return among_ids(column, "ids", release.dialect)
    target = links[0].target
    assert target is not None
    further = release.tables[target.id].table.alias()
    return column.in_(sa.select(further.c.id).where(_leading(release, links[1:], further)))
