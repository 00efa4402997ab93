"""One cell of a list, edited where it stands: its input, and the row after the value is saved.

The address carries the list's state, so the row comes back in the list's own columns, with everything that
the save made of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response

from engine.codes import STALE_VERSION
from engine.problem import Problem
from metadata.catalog import FieldPath
from runtime.web.celledit import CellEdit
from runtime.web.display import record_cell
from runtime.web.pages.columns import fits_a_cell
from runtime.web.pages.listed import listed_of, row_of
from runtime.web.pages.refused import messages_of
from runtime.web.pages.single import no_such_field, single_of
from runtime.web.pages.target import record_id, version_of
from runtime.web.state import parse_state
from runtime.web.table import Rows

if TYPE_CHECKING:
    from engine.record import Record
    from metadata.catalog import ObjectType
    from runtime.web.pages.listed import Listed
    from runtime.web.pages.single import SingleField
    from runtime.web.pages.visit import Visit


def show_cell(visit: Visit) -> Response:
    """GET /o/{object}/{id}/cell/{field}: the input for the value that is saved now."""
    single = _single(visit)
    record = single.record()
    return visit.answer(_edit(single, record, single.typed(record), record.version).component())


def save_cell(visit: Visit) -> Response:
    """POST /o/{object}/{id}/cell/{field}: the row with the new value, or the input with what is wrong."""
    single = _single(visit)
    text = single.posted()
    try:
        single.save(text)
    except Problem as problem:
        return visit.answer(_refused(single, text, problem).component(), problem.status)
    return _row(visit, single.target)


def _row(visit: Visit, target: ObjectType) -> Response:
    """The row as the list shows it; nothing when its editor may no longer see it."""
    state = parse_state(visit.exchange.query.multi_items())
    listed = listed_of(visit, target, state)
    try:
        record = _record(visit, listed)
    except Problem as problem:
        if problem.status not in (403, 404):
            raise
        return Response(status_code=200, media_type="text/html")
    rows = Rows(columns=listed.columns, rows=(row_of(listed, record),), pickable=listed.pickable)
    return visit.answer(rows.component())


def _record(visit: Visit, listed: Listed) -> Record:
    """The record with what its row shows; its colours come from a question for the one record."""
    id_ = record_id(visit)
    if listed.rules:
        only = visit.signed_in.condition(listed.target, f'id = "{id_}"')
        for record in visit.signed_in.query(replace(listed.query, where=only, find=None, group=None)).records:
            return record
    return visit.signed_in.get(listed.target, id_, listed.query.fields)


def _refused(single: SingleField, text: str, problem: Problem) -> CellEdit:
    """The input with the text that was typed; after a conflict with the version that is saved now."""
    visit, record = single.visit, single.record()
    if problem.code is not STALE_VERSION:
        return _edit(single, record, text, version_of(visit), messages_of(visit, problem))
    shown = record_cell(FieldPath(field=single.field), record, visit.reader).text
    message = visit.reader.text("list.cell_conflict", value=shown or visit.reader.text("record.blank"))
    return _edit(single, record, text, record.version, (message,))


def _edit(
    single: SingleField, record: Record, text: str, version: int | None, messages: tuple[str, ...] = ()
) -> CellEdit:
    made = single.input(record, text, messages)
    if made.fixed and not messages:
        made = replace(made, errors=(single.visit.reader.text("list.cell_fixed"),))
    return CellEdit(input=made, action=single.visit.here, version=version)


def _single(visit: Visit) -> SingleField:
    single = single_of(visit)
    if not fits_a_cell(visit, FieldPath(field=single.field)):
        raise no_such_field()
    return single
