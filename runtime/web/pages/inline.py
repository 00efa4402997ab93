"""One field of a record page, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.codes import NOT_FOUND, STALE_VERSION
from engine.mutation import Mutation, Update
from engine.problem import Problem
from metadata.catalog import FieldPath
from runtime.web.display import with_currencies
from runtime.web.editing import is_wide
from runtime.web.pages.entries import read_entries
from runtime.web.pages.inputs import Filling, inputs_for
from runtime.web.pages.record import read_record, record_page
from runtime.web.pages.rights import editable, may
from runtime.web.pages.standing import standing_of
from runtime.web.pages.target import ENTRY, record_id, target_of, version_of
from runtime.web.pages.values import value_of
from runtime.web.posted import raw
from runtime.web.record import ValueEdit

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.fields.contract import FieldType
    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from runtime.web.pages.visit import Visit


def show_field(visit: Visit) -> Response:
    """GET /o/{object}/{id}/field/{field}: its input, or with `?show` its value again."""
    target, field = _target(visit)
    record = _record(visit, target, field)
    if "show" in visit.exchange.query:
        return visit.answer(value_of(visit, record, field, _address(visit), focused=True).component())
    text = raw(cast("FieldType", field.sort), record.values.get(field.name), visit.reader)
    return _edit(visit, record, field, text, record.version)


def save_field(visit: Visit) -> Response:
    """POST /o/{object}/{id}/field/{field}: save the one value; a refusal stands beside the input."""
    target, field = _target(visit)
    text = read_entries(visit, (field,)).now.get(field.name, "")
    change = Update(id=record_id(visit), values={field.name: text}, version=version_of(visit))
    try:
        visit.signed_in.apply(Mutation(object=target, changes=(change,), entry=ENTRY, answer=False))
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return _edit(visit, _record(visit, target, field), field, text, version_of(visit), problem)
    return _saved(visit, target, field) if visit.partial else visit.go(_address(visit))


def _saved(visit: Visit, target: ObjectType, field: Field) -> Response:
    """The whole record again, since more than one value may have changed: figures, stage, history."""
    record = read_record(visit, target, record_id(visit))
    answer = visit.answer(record_page(visit, record, focused=field.name).component())
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#record", "outerMorph"
    return answer


def _record(visit: Visit, target: ObjectType, field: Field) -> Record:
    """The record with the field, and the currency where it is an amount."""
    session = visit.signed_in
    paths = with_currencies((FieldPath(field=field),), session.policy.sees)
    return session.get(target, record_id(visit), paths)


def _edit(
    visit: Visit, record: Record, field: Field, text: str, version: int | None, problem: Problem | None = None
) -> Response:
    details = problem.details if problem else ()
    said = visit.reader.said
    mine = tuple(said(detail.message) for detail in details if detail.field == field.name)
    others = tuple(said(detail.message) for detail in details if detail.field != field.name)
    if problem is not None and not details:
        stale = problem.code is STALE_VERSION
        others = (visit.reader.text("problem.conflict_text") if stale else said(problem.message),)
    filling = Filling(
        texts={field.name: text}, record=record, standing=standing_of(visit, record),
        errors={field.name: mine} if mine else {}, focused=field.name,
    )  # fmt: skip
    (made,) = inputs_for(visit, (field,), filling)
    address = f"{_address(visit)}/field/{field.name}"
    form = ValueEdit(
        input=made, action=address, cancel=_address(visit), fragment=f"{address}?show=1", version=version,
        messages=others, wide=is_wide(field),
    )  # fmt: skip
    return visit.answer(form.component(), problem.status if problem else 200)


def _target(visit: Visit) -> tuple[ObjectType, Field]:
    target = target_of(visit)
    field = target.fields.get(visit.exchange.param("field"))
    if field is None or not editable(visit.signed_in, field) or not may(visit.signed_in, target, "update"):
        raise Problem(NOT_FOUND, "There is no such field that you may change.", status=404)
    return target, field


def _address(visit: Visit) -> str:
    return visit.reader.link(f"/o/{visit.exchange.param('object')}/{record_id(visit)}")
