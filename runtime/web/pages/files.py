"""Files on pages: what a form brings, what a rich input sends ahead of it, and where a record shows one."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.responses import JSONResponse

from engine.fields.file import written
from engine.files.access import file_at, own_file
from engine.files.preview import has_preview
from engine.problem import Problem
from runtime.codes import BAD_BODY
from runtime.download import answer_file, answer_preview
from runtime.received import received
from runtime.web.pages.target import record_id, target_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.files.file import File
    from runtime.web.pages.visit import Page, Visit

CHOSEN = ":file"
"""Ends the name of an input in which files are chosen; what is chosen comes behind what the field holds."""
PREVIEW = "preview"


def receiving(page: Page) -> Page:
    """The page, with the files of its form taken in and put where their fields are read from."""

    @wraps(page)
    def serve(visit: Visit) -> Response:
        exchange = visit.exchange
        texts = [(name, text) for name, text in exchange.form.multi_items() if isinstance(text, str)]
        chosen = [
            (each.field.removesuffix(CHOSEN), written(received(exchange, each)))
            for each in exchange.sent
            if each.field.endswith(CHOSEN)
        ]
        return page(replace(visit, exchange=replace(exchange, form=FormData([*texts, *chosen]), sent=())))

    return serve


def send_file(visit: Visit) -> Response:
    """POST /files?name=: one file, sent while the form is filled in; what the form then holds for it."""
    if len(visit.exchange.sent) != 1:
        raise Problem(BAD_BODY, "One file is sent at a time.", status=422)
    file = received(visit.exchange, visit.exchange.sent[0])
    preview = visit.reader.link(f"/files/{file.id}?{PREVIEW}") if has_preview(file) else ""
    told = {"value": written(file), "name": file.name, "preview": preview}
    return JSONResponse({**told, "note": visit.reader.formats.size(file.size)}, 201)


def show_own(visit: Visit) -> Response:
    """GET /files/{file}: a file that the reader has uploaded and no record holds yet."""
    return _answer(visit, own_file(visit.signed_in, visit.exchange.param("file")))


def show_file(visit: Visit) -> Response:
    """GET /o/{object}/{id}/files/{field}/{file}: a file that a field shows the reader, or once held."""
    param = visit.exchange.param
    file = file_at(visit.signed_in, target_of(visit), record_id(visit), param("field"), param("file"))
    return _answer(visit, file)


def _answer(visit: Visit, file: File) -> Response:
    """With `?preview` a small picture of it."""
    exchange = visit.exchange
    return (answer_preview if PREVIEW in exchange.query else answer_file)(exchange, file)
