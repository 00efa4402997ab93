"""One secret value of a record page, told to a reader who may know it; the telling stands in the history."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.codes import NOT_FOUND
from engine.problem import Problem
from engine.secrets.reveal import reveal
from runtime.web.cell import BLANK, Cell
from runtime.web.pages.target import fetch, record_id, target_of
from runtime.web.pages.values import value_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.web.pages.visit import Visit


def reveal_value(visit: Visit) -> Response:
    """POST /o/{object}/{id}/reveal/{field}: the field with its value; nobody keeps a copy on the way."""
    target, id_ = target_of(visit), record_id(visit)
    field = target.fields.get(visit.exchange.param("field"))
    if field is None:
        raise Problem(NOT_FOUND, "There is no such field.", status=404)
    told = reveal(visit.signed_in, target, id_, field.name)
    shown = BLANK if told is None else Cell(kind="code", text=told)
    value = value_of(visit, fetch(visit, target, id_, [field]), field, "")
    answer = visit.answer(replace(value, value=shown, reveal="").component())
    answer.headers["Cache-Control"] = "no-store"
    return answer
