"""A file that was handed in to be imported: a job of its own, which counts its rows, and the mapping so far.

Several steps of the wizard, and every import made of it, read the same file. It goes when the job goes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from engine.jobs.desk import find_job, new_job, store_of
from engine.jobs.pieces import cut_file, read_file, write_file
from engine.problem import Problem
from engine.transfer.codes import BAD_FILE
from engine.transfer.mapping import Form, mapping_document, read_mapping
from engine.transfer.table import open_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.bench import Bench
    from engine.database import Connection
    from engine.jobs.job import Job
    from engine.jobs.progress import Progress
    from engine.session import Session
    from engine.transfer.mapping import ImportMapping

KIND: Final = "upload"
FILE: Final = "in"
MAPPING: Final = "mapping"
_TOLD: Final = 5000
"""Rows between two signs of life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadKind:
    """Reads the whole file once, so that what is broken in it is known before anything is imported."""

    name: str = KIND

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        """Count the rows. Raises `Problem` where the file is no table, or broken in its midst."""
        table, count = open_table(io.BytesIO(content_of(session, job)), Form()), 0
        for count, _ in enumerate(table.rows(), 1):
            if count % _TOLD == 0:
                progress.tell(done=count)
        progress.tell(done=count, total=count)
        return {"rows": count, "columns": list(table.heads)}


def receive(session: Session, name: str, content: bytes) -> Job:
    """Keep a file and let it be counted. Raises `Problem` for what is no table at all."""
    open_table(io.BytesIO(content), Form())
    job = new_job(session, KIND, {"file": name}, about=name)

    def run(connection: Connection) -> None:
        store_of(session.release).keep(connection, job)
        write_file(connection, session.release, job.id, FILE, content)

    session.written(run)
    return job


def uploaded(session: Bench, id_: str) -> Job:
    """The upload with this id. Raises `Problem` 404 where there is none that the actor may see."""
    job = find_job(session, id_)
    if job.kind != KIND:
        raise Problem(BAD_FILE, "This is no file that was handed in.", status=404)
    return job


def content_of(session: Bench, job: Job) -> bytes:
    """The bytes of the file."""
    return b"".join(read_file(session, job.id, FILE))


def drawn_up(session: Bench, job: Job) -> ImportMapping | None:
    """The mapping that was drawn up for the file so far."""
    kept = b"".join(read_file(session, job.id, MAPPING))
    return read_mapping(msgspec.json.decode(kept)) if kept else None


def draw_up(session: Session, job: Job, mapping: ImportMapping) -> None:
    """Keep what the columns of the file mean, in place of what was drawn up before."""
    kept = msgspec.json.encode(mapping_document(mapping))

    def run(connection: Connection) -> None:
        cut_file(connection, session.release, job.id, MAPPING)
        write_file(connection, session.release, job.id, MAPPING, kept)

    session.written(run)
