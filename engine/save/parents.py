"""Passes: a part has the owner and department of its parent, and is written by those who may change that.

`follow_parent` reads the parents of new and moved parts – and, on PostgreSQL, keeps them from being handed to
somebody else meanwhile; `hand_down` follows a parent that was, through all levels below it. As both columns
always agree with the parent's, the parent's Decision can be read on the part itself (`engine/policy.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine import codes
from engine.access import Action
from engine.codec import boolean_form, id_form
from engine.derived.graph import graph
from engine.joins import rules_of
from engine.mutation import Nature
from engine.parentage import following
from engine.save.sheet import sheet
from engine.save.work import Kind
from engine.statement import Statement, among_ids, compile_statement, id_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.fields.contract import FieldType
    from engine.policy import Policy
    from engine.release import Release
    from engine.save.work import Row, Work
    from metadata.catalog import Field, ObjectType


def follow_parent(work: Work) -> None:
    """Give new and moved parts the owner and department of their parent; one statement."""
    master = sheet(work.release, work.object).master
    rows = list(_moved(work, master)) if master else []
    if not rows or master is None or master.target is None:
        return
    parents = _parents(work, master, {row.after[master.name] for row in rows})
    for row in rows:
        owner, department, allowed = parents.get(row.after[master.name], (None, None, True))
        row.after["owner"], row.after["department"] = owner, department
        if not allowed:
            noun = master.target.label.text(work.actor.language)
            row.refuse(codes.FORBIDDEN, "You may not change this {parent}.", at=master.name, parent=noun)


def hand_down(work: Work) -> None:
    """Let the parts of records that were handed over follow; one statement for each object below."""
    statements = _handing_down(work.release, work.object)
    rows = work.sound(Kind.UPDATED) if statements else []
    if moved := [row.id for row in rows if row.changed("owner") or row.changed("department")]:
        params = {"ids": id_list(sorted(moved), work.release.dialect)}
        for statement in statements:
            statement.run(work.connection, params)


def parts_of(release: Release, target: ObjectType) -> Iterator[Field]:
    """The links of the objects whose records are parts of this one's."""
    for each in release.catalog.objects.values():
        if not each.retired and each.master is not None and each.master.target is target:
            yield each.master


def _moved(work: Work, master: Field) -> Iterator[Row]:
    """Parts that are new, or come to another parent; those that may not are refused."""
    for row in work.standing(Kind.CREATED, Kind.UPDATED):
        if row.after.get(master.name) is None or not row.changed(master.name) or work.awaits(row, master):
            continue
        held = row.before.get(master.name) is not None
        if held and cast("FieldType", master.sort).fixed and work.mutation.nature is not Nature.RELINKING:
            message, label = "{field} cannot change any more.", master.label.text(work.actor.language)
            row.refuse(codes.PARENT_FIXED, message, at=master.name, field=label)
        else:
            yield row


def _parents(work: Work, master: Field, ids: set[str]) -> dict[str, tuple[str | None, str | None, bool]]:
    shape = ("parents", master.id, work.policy.key, work.locking)
    statement = work.release.statements.get(
        shape, lambda: _build(work.release, work.policy, master, locking=work.locking)
    )
    params = {**work.reader.given, "ids": id_list(sorted(ids), work.release.dialect)}
    rows = statement.rows(work.connection, params)
    return {id_: (owner, department, bool(allowed)) for id_, owner, department, allowed in rows}


def _build(release: Release, policy: Policy, master: Field, *, locking: bool) -> Statement:
    assert master.target is not None
    table, dialect = release.tables[master.target.id].table, release.dialect
    decision = policy.decide(master.target, Action.UPDATE)
    rule = rules_of(release).decision(decision, master.target, table)
    allowed = sa.func.coalesce(rule, sa.false())
    rows = (
        sa.select(table.c.id, table.c.owner, table.c.department, allowed.label("allowed"))
        .where(among_ids(table.c.id, "ids", dialect))
        .order_by(table.c.id)
    )
    if locking and not dialect.sqlite:
        # What is rolled up over the parts is written next: to share the parent first, and have it alone then,
        # would make two who do so wait for each other.
        alone = master in graph(release).rolled.get(master.object.id, ())
        rows = rows.with_for_update(read=not alone, key_share=alone, of=table)
    decode = id_form(dialect).decode
    return compile_statement(rows, dialect, [decode, decode, decode, boolean_form(dialect).decode])


def _handing_down(release: Release, target: ObjectType) -> tuple[Statement, ...]:
    return release.statements.get(("hand down", target.id), lambda: tuple(_levels(release, target)))


def _levels(release: Release, target: ObjectType) -> Iterator[Statement]:
    """Level by level, as each follows the one above it."""
    dialect = release.dialect
    front: list[tuple[Field, Any]] = [
        (master, among_ids(release.tables[master.object.id].table.c[master.column], "ids", dialect))
        for master in parts_of(release, target)
    ]
    while front:
        deeper: list[tuple[Field, Any]] = []
        for master, chosen in front:
            assert master.target is not None
            part, parent = release.tables[master.object.id], release.tables[master.target.id]
            yield compile_statement(following(part, parent, master, chosen), dialect)
            ids = sa.select(part.table.c.id).where(chosen)
            for below in parts_of(release, master.object):
                column = release.tables[below.object.id].table.c[below.column]
                deeper.append((below, column.in_(ids)))
        front = deeper
