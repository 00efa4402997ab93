"""Step 1 of an import: a file is handed in; and the mappings that were saved for files like it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from starlette.datastructures import UploadFile

from engine.codes import FORBIDDEN
from engine.problem import Problem
from engine.transfer.draft import Drafter, targets
from engine.transfer.guess import Guesser, columns_of
from engine.transfer.heads import vocabulary
from engine.transfer.mapping import Form
from engine.transfer.table import MOST_BYTES, open_table
from engine.transfer.upload import content_of, draw_up, drawn_up, receive, uploaded
from runtime.web.component import Link
from runtime.web.importing import UploadPage
from runtime.web.input import Choice
from runtime.web.pages.import_saved import lines, mapping_named, remove_named
from runtime.web.pages.rights import may

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.jobs.job import Job
    from engine.session import Session
    from engine.transfer.draft import Draft
    from engine.transfer.mapping import ImportMapping
    from engine.transfer.table import Cell, Table
    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Visit

PATH: Final = "/import"
STEPS: Final = ("file", "columns", "values", "check")
SAMPLE: Final = 300
"""Rows that guesses are made from."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opened:
    """A file that was handed in, and what was drawn up for it; `rows` are the first."""

    job: Job
    content: bytes
    table: Table
    rows: tuple[tuple[Cell, ...], ...]
    mapping: ImportMapping

    def drafter(self, session: Session) -> Drafter:
        """What guesses are made with."""
        return _drafter(session, self.table, self.rows)


def show_upload(visit: Visit) -> Response:
    """GET /import: hand in a file; `?object=` says what it is about."""
    return _form(visit)


def upload(visit: Visit) -> Response:
    """POST /import: keep the file and go on to its columns, or say why it cannot be read."""
    form, session = visit.exchange.form, visit.signed_in
    _may_import(session)
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return _form(visit, visit.reader.text("import.choose_file"))
    content = sent.file.read()
    try:
        job = receive(session, sent.filename, content)
        saved = mapping_named(session, str(form.get("mapping", "")))
        draw_up(session, job, saved or _draft(session, content, str(form.get("object", ""))).mapping)
    except Problem as problem:
        if problem.status >= 500 or problem.status == 403:
            raise
        return _form(visit, visit.reader.said(problem.message), visit.reader.said(problem.hint))
    return visit.go(visit.reader.link(f"{PATH}/{job.id}/columns"))


def remove_mapping(visit: Visit) -> Response:
    """POST /import/mappings: remove a saved mapping of one's own."""
    remove_named(visit.signed_in, str(visit.exchange.form.get("remove", "")))
    return visit.go(visit.reader.link(PATH))


def opened(visit: Visit) -> Opened:
    """The file in the path. Raises `Problem` 404 where there is none that the reader may see."""
    session = visit.signed_in
    _may_import(session)
    job = uploaded(session, visit.exchange.param("id"))
    content = content_of(session, job)
    mapping = drawn_up(session, job)
    table = open_table(io.BytesIO(content), mapping.file if mapping else Form())
    rows = tuple(cells for _, cells in islice(table.rows(), SAMPLE))
    found = mapping or _drafter(session, table, rows).draft().mapping
    return Opened(job=job, content=content, table=table, rows=rows, mapping=found)


def steps(visit: Visit, job: Job | None, current: str) -> tuple[Link, ...]:
    """The steps of the wizard; those before the current one can be gone back to."""
    text, base = visit.reader.text, f"{PATH}/{job.id}" if job else PATH
    passed = STEPS[: STEPS.index(current)]
    return tuple(
        Link(
            label=text(f"import.step_{name}"),
            href=visit.reader.link(PATH if name == "file" else f"{base}/{name}") if name in passed else "",
            current=name == current,
        )
        for name in STEPS
    )


def writable_objects(visit: Visit, chosen: str) -> Iterator[Choice]:
    """The objects that rows may become, by what people call them."""
    found = [each.object for each in targets(visit.signed_in)]
    for each in sorted(found, key=lambda one: _called(visit, one).casefold()):
        yield Choice(value=each.name, text=_called(visit, each), current=each.name == chosen)


def import_address(visit: Visit, target: ObjectType) -> str:
    """Where an import into an object begins; "" for who may make no records of it."""
    creating = may(visit.signed_in, target, "create") and target.query is None and not target.singleton
    return visit.reader.link(f"{PATH}?object={target.name}") if creating else ""


def _form(visit: Visit, *messages: str) -> Response:
    text, asked = visit.reader.text, visit.exchange.query.get("object", "")
    _may_import(visit.signed_in)
    chosen = str(visit.exchange.form.get("object", "")) or asked
    saved = tuple(lines(visit))
    body = UploadPage(
        title=text("import.title"),
        steps=steps(visit, None, "file"),
        action=visit.reader.link(PATH),
        objects=tuple(writable_objects(visit, chosen)),
        mappings=tuple(Choice(value=one.name, text=one.name) for one in saved),
        saved=saved,
        manage=visit.reader.link(f"{PATH}/mappings"),
        most=visit.reader.formats.number(MOST_BYTES // 1024 // 1024),
        messages=tuple(filter(None, messages)),
    )
    return visit.page(
        title=text("import.title"), body=body.component(), canvas=True, status=422 if messages else 200
    )


def _may_import(session: Session) -> None:
    """Raises `Problem` 403 for who may make no record of any object."""
    if not targets(session):
        raise Problem(FORBIDDEN, "You may not create records of any object.", status=403)


def _draft(session: Session, content: bytes, name: str) -> Draft:
    table = open_table(io.BytesIO(content), Form())
    rows = tuple(cells for _, cells in islice(table.rows(), SAMPLE))
    return _drafter(session, table, rows).draft(name)


def _drafter(session: Session, table: Table, rows: tuple[tuple[Cell, ...], ...]) -> Drafter:
    guesser = Guesser(vocabulary=vocabulary())
    return Drafter(session=session, columns=columns_of(table.heads, rows), guesser=guesser)


def _called(visit: Visit, target: ObjectType) -> str:
    return target.plural.text(visit.reader.language)
