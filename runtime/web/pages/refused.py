"""A Problem as an answer to a person: framed for a signed-in reader, bare for a visitor, or a fragment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.responses import HTMLResponse, Response

from engine.codes import FORBIDDEN
from engine.problem import Problem
from engine.sentence import Sentence, said
from runtime.codes import BAD_CSRF
from runtime.people import administrators
from runtime.web.component import Link
from runtime.web.formats import Formats
from runtime.web.reader import Reader
from runtime.web.refusal import Refusal, refusal
from runtime.web.shell import bare

if TYPE_CHECKING:
    from starlette.requests import Request

    from runtime.web.pages.visit import Visit
    from runtime.web.renderer import Renderer


def framed_page(visit: Visit, problem: Problem) -> Response:
    """The Problem inside the reader's navigation; for htmx the notice alone."""
    page = _refusal(visit.reader, _in_words(visit, problem), visit.exchange.request_id)
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


def _in_words(visit: Visit, problem: Problem) -> Problem:
    """The Problem with objects called as the reader calls them, and with whom to ask for a right."""
    hint = problem.hint
    if problem.code is FORBIDDEN:
        exchange = visit.exchange
        names = visit.reader.text("problem.and").join(administrators(exchange.tenant, exchange.release))
        hint = visit.reader.text("problem.ask", names=names) if names else hint
    message = _named(visit, problem.message)
    return Problem(
        problem.code, message, status=problem.status, details=problem.details, hint=hint, data=problem.data
    )


def _named(visit: Visit, sentence: str) -> str:
    """The sentence with labels in place of the names of objects."""
    if not isinstance(sentence, Sentence):
        return sentence
    objects = visit.exchange.release.catalog.objects
    values: dict[str, object] = {}
    for name, value in sentence.values.items():
        if name == "object" and value in objects:
            values[name] = objects[str(value)].label.text(visit.reader.language)
        else:
            values[name] = _named(visit, value) if isinstance(value, str) else value
    return said(sentence.template, **values)


def messages_of(visit: Visit, problem: Problem) -> tuple[str, ...]:
    """What is wrong, in the reader's language: each detail or, where there is none, the whole."""
    details = tuple(visit.reader.said(detail.message) for detail in problem.details)
    return details or (visit.reader.said(problem.message),)


def _refusal(reader: Reader, problem: Problem, request_id: str) -> Refusal:
    """A form from an earlier session is no matter of rights: say what helps."""
    old_form = problem.code is BAD_CSRF
    return refusal(
        reader,
        status=400 if old_form else problem.status,
        message=reader.text("problem.session_text") if old_form else reader.said(problem.message),
        hint="" if old_form else reader.said(problem.hint),
        details=tuple(reader.said(detail.message) for detail in problem.details),
        links=(Link(label=reader.text("problem.home"), href=reader.link("/")),),
        request_id=request_id,
    )
