"""Exporting as a job: a list of any length becomes a file that waits to be fetched.

An export broken off begins again: it only reads. Queued over the API and by command; the subject is what was
asked, in the words of the API (`runtime/question.py`), and is read again with the rights that the actor has
when it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.export import exported
from engine.jobs.desk import queue
from engine.jobs.pieces import cut_file, write_piece
from engine.jobs.progress import Mark
from engine.planner import require_right
from engine.problem import Problem
from engine.rights import EXPORT
from engine.transfer.sheet import Format, Sheet, written
from runtime.codes import BAD_PARAMETER, NO_PAGE
from runtime.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.database import Connection
    from engine.jobs.job import Job
    from engine.jobs.progress import Progress
    from engine.query import Query
    from engine.record import Record
    from engine.session import Session

EXPORTING: Final = "export"


def start_export(
    session: Session, object_: str, given: Mapping[str, str], form: str, names: str, language: str
) -> Job:
    """Queue an export. Raises `Problem`: 403 without the right `export`, and for what cannot be asked."""
    subject = {
        "object": object_, "given": dict(given), "format": form_of(form).value, "names": names_of(names),
        "language": language,
    }  # fmt: skip
    query = _query(session, subject)
    return queue(session, EXPORTING, subject, about=query.object.plural.text(language))


def form_of(given: str) -> Format:
    """The format of this name. Raises `Problem` 400 where there is none."""
    if given not in list(Format):
        raise Problem(BAD_PARAMETER, f"format is one of {', '.join(Format)}.", status=400)
    return Format(given)


def names_of(given: str) -> str:
    """`label` or `api`. Raises `Problem` 400 for anything else."""
    if given not in ("label", "api"):
        raise Problem(BAD_PARAMETER, "names is label or api.", status=400)
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind:
    """Jobs with the subject `{object, given, format, names, language}`; they leave one file."""

    name: str = EXPORTING

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        """Write the file; returns its name and how many records it has."""
        progress.steady = True
        query, form = _query(session, job.subject), form_of(job.subject["format"])
        file = f"{query.object.name}.{form}"
        session.written(lambda connection: cut_file(connection, session.release, job.id, file))
        sheet = Sheet(
            paths=query.fields, language=job.subject["language"], zone=session.actor.zone,
            plain=job.subject["names"] == "api",
        )  # fmt: skip
        counted = _Counted(progress=progress)
        pages = counted.pages(exported(session, query, session.ids(), session.clock()))
        for number, piece in enumerate(written(sheet, form, pages)):

            def keep(connection: Connection, number: int = number, piece: bytes = piece) -> tuple[Mark, None]:
                write_piece(connection, session.release, job.id, file, number, piece)
                return Mark(done=counted.records), None

            progress.step(keep)
        return {"records": counted.records, "file": file}


@dataclass(slots=True, kw_only=True)
class _Counted:
    """Counts the records that pass by, and tells of them."""

    progress: Progress
    records: int = 0

    def pages(self, pages: Iterable[tuple[Record, ...]]) -> Iterator[tuple[Record, ...]]:
        for page in pages:
            self.records += len(page)
            yield page
            self.progress.tell(done=self.records)


def _query(session: Session, subject: Mapping[str, Any]) -> Query:
    require_right(session.policy, EXPORT, "export records")
    target = session.release.catalog.objects.get(subject["object"])
    if target is None or target.retired:
        raise Problem(NO_PAGE, f"There is no object {subject['object']!r}.", status=404)
    return Question(session=session, target=target, given=subject["given"]).query()
