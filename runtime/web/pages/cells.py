"""One cell of a list, edited where it stands: its input, and the row after the value is saved.

The address carries the list's state, so the row comes back in the list's own columns, with everything that
the save made of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from starlette.responses import Response

from engine.codes import NOT_FOUND, STALE_VERSION
from engine.mutation import Mutation, Update
from engine.problem import Problem
from metadata.catalog import FieldPath
from runtime.web.celledit import CellEdit
from runtime.web.display import record_cell, with_currencies
from runtime.web.pages.columns import fits_a_cell
from runtime.web.pages.entries import read_entries
from runtime.web.pages.inputs import Filling, inputs_for
from runtime.web.pages.listed import listed_of, row_of
from runtime.web.pages.refused import messages_of
from runtime.web.pages.rights import may
from runtime.web.pages.standing import standing_of
from runtime.web.pages.target import ENTRY, record_id, target_of, version_of
from runtime.web.posted import raw
from runtime.web.state import parse_state
from runtime.web.table import Rows

if TYPE_CHECKING:
    from engine.fields.contract import FieldType
    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from runtime.web.pages.visit import Visit


def show_cell(visit: Visit) -> Response:
    """GET /o/{object}/{id}/cell/{field}: the input for the value that is saved now."""
    target, field = _target(visit)
    record = _record(visit, target, field)
    text = raw(cast("FieldType", field.sort), record.values.get(field.name), visit.reader)
    return visit.answer(_edit(visit, record, field, text, record.version).component())


def save_cell(visit: Visit) -> Response:
    """POST /o/{object}/{id}/cell/{field}: the row with the new value, or the input with what is wrong."""
    target, field = _target(visit)
    text = read_entries(visit, (field,)).now.get(field.name, "")
    change = Update(id=record_id(visit), values={field.name: text}, version=version_of(visit))
    try:
        visit.signed_in.apply(Mutation(object=target, changes=(change,), entry=ENTRY, answer=False))
    except Problem as problem:
        return visit.answer(_refused(visit, target, field, text, problem).component(), problem.status)
    return _row(visit, target)


def _row(visit: Visit, target: ObjectType) -> Response:
    """The row as the list shows it; nothing when its editor may no longer see it."""
    state = parse_state(visit.exchange.query.multi_items())
    listed = listed_of(visit, target, state)
    try:
        record = visit.signed_in.get(target, record_id(visit), listed.query.fields)
    except Problem as problem:
        if problem.status not in (403, 404):
            raise
        return Response(status_code=200, media_type="text/html")
    rows = Rows(columns=listed.columns, rows=(row_of(listed, record),), pickable=listed.pickable)
    return visit.answer(rows.component())


def _refused(visit: Visit, target: ObjectType, field: Field, text: str, problem: Problem) -> CellEdit:
    """The input with the text that was typed; after a conflict with the version that is saved now."""
    record = _record(visit, target, field)
    if problem.code is not STALE_VERSION:
        return _edit(visit, record, field, text, version_of(visit), messages_of(visit, problem))
    now = record_cell(FieldPath(field=field), record, visit.reader).text or visit.reader.text("record.blank")
    message = visit.reader.text("list.cell_conflict", value=now)
    return _edit(visit, record, field, text, record.version, (message,))


def _record(visit: Visit, target: ObjectType, field: Field) -> Record:
    """The record with the field, and the currency where it is an amount."""
    session = visit.signed_in
    paths = with_currencies((FieldPath(field=field),), session.policy.sees)
    return session.get(target, record_id(visit), paths)


def _edit(
    visit: Visit, record: Record, field: Field, text: str, version: int | None, messages: tuple[str, ...] = ()
) -> CellEdit:
    filling = Filling(
        texts={field.name: text}, record=record, standing=standing_of(visit, record),
        errors={field.name: messages} if messages else {}, focused=field.name,
    )  # fmt: skip
    (made,) = inputs_for(visit, (field,), filling)
    if made.fixed and not messages:
        made = replace(made, errors=(visit.reader.text("list.cell_fixed"),))
    return CellEdit(input=made, action=visit.here, version=version)


def _target(visit: Visit) -> tuple[ObjectType, Field]:
    target = target_of(visit)
    field = target.fields.get(visit.exchange.param("field"))
    if field is None or not may(visit.signed_in, target, "update"):
        raise Problem(NOT_FOUND, "There is no such field that you may change.", status=404)
    if not fits_a_cell(visit, FieldPath(field=field)):
        raise Problem(NOT_FOUND, "There is no such field that you may change.", status=404)
    return target, field
