"""The files of a job – what it reads, what it leaves to be downloaded – as numbered pieces in the tenant's
database.

They lie there, and not in a folder, so that a worker on another machine finds them, and so that the lines of
a file and the work that they tell of are committed together. They go when the job goes.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from engine.codec import id_form
from engine.statement import Statement, compile_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.bench import Bench
    from engine.database import Connection
    from engine.release import Release

PIECE: Final = 512 * 1024
"""Bytes of a piece of a file that is handed in."""

_WRITE = "INSERT INTO s_job_piece (job, name, number, bytes) VALUES (:job, :name, :number, :bytes)"
_READ = "SELECT bytes FROM s_job_piece WHERE job = :job AND name = :name AND number = :number"
_CUT = "DELETE FROM s_job_piece WHERE job = :job AND name = :name AND number >= :number"
_NAMES = (
    "SELECT name, count(*), sum(length(bytes)) FROM s_job_piece WHERE job = :job GROUP BY name ORDER BY name"
)


def write_piece(
    connection: Connection, release: Release, job: str, name: str, number: int, content: bytes
) -> None:
    """Write one piece of the file `name`; numbers go up from 0 without gaps."""
    given = {**_key(release, job, name), "number": number, "bytes": content}
    _statement(release, _WRITE).run(connection, given)


def write_file(connection: Connection, release: Release, job: str, name: str, content: bytes) -> None:
    """Write a whole file that is at hand."""
    for number, start in enumerate(range(0, max(len(content), 1), PIECE)):
        write_piece(connection, release, job, name, number, content[start : start + PIECE])


def copy_file(connection: Connection, release: Release, job: str, name: str, file: IO[bytes]) -> None:
    """Write a whole file that lies elsewhere, piece by piece."""
    file.seek(0)
    for number, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
        write_piece(connection, release, job, name, number, piece)


def cut_file(connection: Connection, release: Release, job: str, name: str, number: int = 0) -> None:
    """Delete the pieces from `number` on."""
    _statement(release, _CUT).run(connection, {**_key(release, job, name), "number": number})


def read_file(session: Bench, job: str, name: str) -> Iterator[bytes]:
    """The pieces of a file in their order; each is read when it is wanted."""
    release, number = session.release, 0
    while True:
        with session.reading() as connection:
            given = {**_key(release, job, name), "number": number}
            found = _statement(release, _READ).row(connection, given)
        if found is None:
            return
        yield bytes(found[0])
        number += 1


def files_of(session: Bench, job: str) -> dict[str, int]:
    """The names of the files of a job, with their bytes."""
    with session.reading() as connection:
        key = _key(session.release, job, "")["job"]
        rows: Iterable[tuple[str, int, int]] = _statement(session.release, _NAMES).rows(
            connection, {"job": key}
        )
    return {name: int(size) for name, _, size in rows}


def _key(release: Release, job: str, name: str) -> dict[str, object]:
    return {"job": (id_form(release.dialect).encode or str)(job), "name": name}


def _statement(release: Release, text: str) -> Statement:
    return release.statements.get(("job pieces", text), lambda: compile_text(text, release.dialect))
