"""Passes: since when a picklist with a process is as it is, and the history of its stages.

The history is records of the platform's `stage_history`: one for each stay in a stage, added when it begins
and told its end when it ends; nothing in it is ever taken back, by an undo neither. It is written beside the
save, as search documents are: the journal tells the moves themselves. Without the object there is no history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.pointing import pointing
from engine.save.sheet import COMPANY, sheet
from engine.save.work import Kind
from engine.save.write import insert
from engine.statement import among_ids, compile_statement, id_list
from metadata.catalog import processes_for, stages
from metadata.record_type import RECORD_TYPE, STAGE_HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.release import Release
    from engine.save.work import Row, Work
    from engine.statement import Statement
    from metadata.catalog import Field, ObjectType

CLOSED = "closed"
"""The attribute of an option that says that work on the record has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A record that came to a stage: `entered` is the field that says since when."""

    row: Row
    field: Field
    entered: Field


def keep_stages(work: Work) -> None:
    """Note since when each row is in its stage."""
    for step in _steps(work, *work.standing(Kind.CREATED, Kind.UPDATED)):
        stays = step.row.after.get(step.field.name) is not None
        step.row.after[step.entered.name] = work.now if stays else None


def write_stages(work: Work) -> None:
    """Tell the history: the end of stays, in one statement for each picklist, and new stays, in one."""
    history = work.release.catalog.objects.get(STAGE_HISTORY)
    found = list(_steps(work, *work.sound(Kind.CREATED), *work.sound(Kind.UPDATED)))
    if history is None or not found:
        return
    for field in dict.fromkeys(step.field for step in found):
        moved = [s for s in found if s.field is field and s.row.kind is Kind.UPDATED]
        _end_stays(work, history, field, [step.row.id for step in moved])
    plan = sheet(work.release, history)
    begun = [s for s in found if s.row.after.get(s.field.name) is not None]
    rows = [plan.encoded(plan.slots, _stay(work, history, step)) for step in begun]
    insert(work.release, history).run(work.connection, rows)


def _steps(work: Work, *rows: Row) -> Iterator[Step]:
    """What came to another stage; a new record, which may have none, to its first."""
    tracked = stages(work.object)
    for row in rows if tracked else ():
        for field, entered in tracked.items():
            if row.changed(field.name):
                yield Step(row=row, field=field, entered=entered)


def _stay(work: Work, history: ObjectType, step: Step) -> dict[str, Any]:
    row, field = step.row, step.field
    process = processes_for(work.object, row.after.get(RECORD_TYPE)).get(field.name)
    amount = process.amount if process is not None else None
    return {
        "id": work.ids(),
        "record": pointing(history.fields["record"], work.object, row.id),
        "picklist": field.column,
        "stage": row.after[field.name],
        "came_from": row.before.get(field.name),
        "reopened": _ended(field, row.before.get(field.name)) and not _ended(field, row.after[field.name]),
        "entered_at": work.now,
        "amount": row.after.get(amount.name + COMPANY) if amount is not None else None,
        "moved_by": work.actor.id,
        "created_at": work.now,
        "modified_at": work.now,
        "version": 1,
    }


def _ended(field: Field, code: str | None) -> bool:
    option = field.option(code) if code else None
    return option is not None and CLOSED in field.attributes and bool(field.attribute(option, CLOSED))


def _end_stays(work: Work, history: ObjectType, field: Field, ids: list[str]) -> None:
    """The stays of these records in that picklist that have not ended end now."""
    if not ids:
        return
    kept = work.release.tables[history.id].kept
    left = kept["left_at"].value.stored.encode
    params = {
        "ids": id_list(ids, work.release.dialect),
        "code": work.object.table,
        "picklist": field.column,
        "left": left(work.now) if left else work.now,
    }
    statement = work.release.statements.get(("end stays",), lambda: _ending(work.release, history))
    statement.run(work.connection, params)


def _ending(release: Release, history: ObjectType) -> Statement:
    table, kept = release.tables[history.id].table, release.tables[history.id].kept
    entered, left = kept["entered_at"].value.column, kept["left_at"].value.column
    now: sa.BindParameter[Any] = sa.bindparam("left", type_=left.type)
    if release.dialect.sqlite:
        seconds: sa.ColumnElement[Any] = (now - entered).self_group().op("/")(sa.literal_column("1000000"))
    else:
        seconds = sa.func.floor(sa.extract("epoch", now - entered))
    about = kept["record"].parts
    ended = (
        sa.update(table)
        .values({left.name: now, kept["duration"].value.column.name: seconds, "modified_at": now})
        .where(
            among_ids(about["id"].column, "ids", release.dialect),
            about["object"].column == sa.bindparam("code", type_=about["object"].column.type),
            kept["picklist"].value.column == sa.bindparam("picklist", type_=sa.TEXT()),
            left.is_(None),
        )
    )
    return compile_statement(ended, release.dialect)
