"""A Problem as an answer to a person: framed for a signed-in reader, bare for a visitor, or a fragment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.responses import HTMLResponse, Response

from runtime.codes import BAD_CSRF
from runtime.web.component import Link
from runtime.web.formats import Formats
from runtime.web.reader import Reader
from runtime.web.refusal import Refusal, refusal
from runtime.web.shell import bare

if TYPE_CHECKING:
    from starlette.requests import Request

    from engine.problem import Problem
    from runtime.web.pages.visit import Visit
    from runtime.web.renderer import Renderer


def framed_page(visit: Visit, problem: Problem) -> Response:
    """The Problem inside the reader's navigation; for htmx the notice alone."""
    page = _refusal(visit.reader, problem, visit.exchange.request_id)
    if visit.partial:
        return visit.answer(page.component(), problem.status)
    return visit.page(title=page.title, body=page.component(), status=problem.status)


def bare_page(
    renderer: Renderer, problem: Problem, request: Request, language: str, request_id: str
) -> Response:
    """The Problem by itself, in the browser's language."""
    texts = renderer.texts[language]
    reader = Reader(
        texts=texts,
        formats=Formats(locale=texts.locale, zone=ZoneInfo("UTC")),
        csrf="",
        now=datetime.now(UTC),
        prefix=request.scope.get("root_path", ""),
        theme=request.cookies.get("strata_theme", ""),
    )
    page = _refusal(reader, problem, request_id)
    return HTMLResponse(renderer.html(bare(page.title, page.component()), reader), problem.status)


def _refusal(reader: Reader, problem: Problem, request_id: str) -> Refusal:
    """A form from an earlier session is no matter of rights: say what helps."""
    if problem.code is BAD_CSRF:
        message, status = reader.text("problem.session_text"), 400
    else:
        message, status = problem.message, problem.status
    return refusal(
        reader, status=status, message=message, hint="" if problem.code is BAD_CSRF else problem.hint,
        details=tuple(detail.message for detail in problem.details),
        links=(Link(label=reader.text("problem.home"), href=reader.link("/")),), request_id=request_id,
    )  # fmt: skip
