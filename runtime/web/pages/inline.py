"""One field of a record page, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.codes import STALE_VERSION
from engine.problem import Problem
from runtime.web.editing import is_wide
from runtime.web.pages.record import read_record, record_page
from runtime.web.pages.single import single_of
from runtime.web.pages.target import record_id, version_of
from runtime.web.pages.values import value_of
from runtime.web.record import ValueEdit

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.record import Record
    from runtime.web.pages.single import SingleField
    from runtime.web.pages.visit import Visit


def show_field(visit: Visit) -> Response:
    """GET /o/{object}/{id}/field/{field}: its input, or with `?show` its value again."""
    single = single_of(visit)
    record = single.record()
    if "show" in visit.exchange.query:
        return visit.answer(value_of(visit, record, single.field, _address(visit), focused=True).component())
    return _edit(single, record, single.typed(record), record.version)


def save_field(visit: Visit) -> Response:
    """POST /o/{object}/{id}/field/{field}: save the one value; a refusal stands beside the input."""
    single = single_of(visit)
    text = single.posted()
    try:
        single.save(text)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return _edit(single, single.record(), text, version_of(visit), problem)
    return _saved(single) if visit.partial else visit.go(_address(visit))


def _saved(single: SingleField) -> Response:
    """The whole record again, since more than one value may have changed: figures, stage, history."""
    visit = single.visit
    record = read_record(visit, single.target, record_id(visit))
    answer = visit.answer(record_page(visit, record, focused=single.field.name).component())
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#record", "outerMorph"
    return answer


def _edit(
    single: SingleField, record: Record, text: str, version: int | None, problem: Problem | None = None
) -> Response:
    visit, field = single.visit, single.field
    details = problem.details if problem else ()
    said = visit.reader.said
    mine = tuple(said(detail.message) for detail in details if detail.field == field.name)
    others = tuple(said(detail.message) for detail in details if detail.field != field.name)
    if problem is not None and not details:
        stale = problem.code is STALE_VERSION
        others = (visit.reader.text("problem.conflict_text") if stale else said(problem.message),)
    address = f"{_address(visit)}/field/{field.name}"
    form = ValueEdit(
        input=single.input(record, text, mine), action=address, cancel=_address(visit),
        fragment=f"{address}?show=1", version=version, messages=others, wide=is_wide(field),
    )  # fmt: skip
    return visit.answer(form.component(), problem.status if problem else 200)


def _address(visit: Visit) -> str:
    return visit.reader.link(f"/o/{visit.exchange.param('object')}/{record_id(visit)}")
