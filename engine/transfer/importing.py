"""Importing as a job: a file goes through its mapping in chunks, and can be broken off and taken up at any of
them.

The records of a chunk, the lines of the error file and the place reached are committed together, so that
after a crash no row is there twice and none is lost. All belongs to one change set, by which it can be
undone. A dry run does the same and rolls every chunk back.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias

from engine.changes.undertaking import undertaking
from engine.changeset import close_change_set
from engine.jobs.desk import new_job, store_of
from engine.jobs.pieces import copy_file, cut_file, read_file, write_piece
from engine.jobs.progress import Cancelled, Mark
from engine.problem import Problem
from engine.sentence import said
from engine.transfer.binding import bind
from engine.transfer.cells import written
from engine.transfer.entry import Line
from engine.transfer.lines import ENTRY, Importer
from engine.transfer.mapping import ImportMapping, mapping_document, read_mapping
from engine.transfer.table import open_table
from engine.transfer.text import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.database import Connection
    from engine.jobs.job import Job
    from engine.jobs.progress import Progress
    from engine.problem import Detail
    from engine.session import Session
    from engine.transfer.binding import Binding
    from engine.transfer.table import Cell, Table

Say: TypeAlias = Callable[[str, str], str]
"""What a sentence is in a language (BCP 47)."""
Numbered: TypeAlias = "tuple[int, Sequence[Cell]]"

CHUNK: Final = 500
IN: Final = "in"
ERRORS: Final = "errors.csv"
MOST_ISSUES: Final = 200
"""Issues that the result tells; the error file has them all."""
MOST_WAITING: Final = 20_000
"""Rows that may wait for records which the file brings along later."""
_IN_MEMORY: Final = 8 * 1024 * 1024
_DRY: Final = "dry_run"
_HEAD: Final = said("Errors")


def start_import(
    session: Session, mapping: ImportMapping, name: str, content: bytes | IO[bytes], *, dry_run: bool = False
) -> Job:
    """Queue an import of a file. Raises `Problem` where the file or the mapping will not do."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    bind(session, mapping, open_table(file, mapping.file).heads)
    subject = {"mapping": mapping_document(mapping), "file": name, "dry_run": dry_run}
    job = new_job(session, ENTRY, subject, about=name)

    def keep(connection: Connection) -> None:
        store_of(session.release).keep(connection, job)
        copy_file(connection, session.release, job.id, IN, file)

    session.written(keep)
    return job


def in_english(language: str, sentence: str) -> str:  # noqa: ARG001  (there is no other)
    """The sentence as it is."""
    return str(sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """Jobs with the subject `{mapping, file, dry_run}` and the file `in`; see the module."""

    say: Say = in_english
    name: str = ENTRY

    def run(self, session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
        """Go on from where an earlier attempt got to; returns counts, change set and the first issues."""
        dry = bool(job.subject.get("dry_run"))
        mapping = read_mapping(job.subject["mapping"])
        with _file(session, job) as file:
            table = open_table(file, mapping.file)
            binding = bind(session, mapping, table.heads)
            run = _Run(
                session=session, job=job, progress=progress, say=self.say, table=table, binding=binding,
                state=_state(progress.cursor),
            )  # fmt: skip
            if dry:
                return run.all(session.ids(), dry=True)
            reason = str(job.subject.get("file", ""))
            with undertaking(
                session, entry=ENTRY, reason=reason, subject=job.id, automation=mapping.automation
            ) as held:
                return _closing(session, held, run)


def _closing(session: Session, held: str, run: _Run) -> Mapping[str, Any]:
    """Run; a change set to which nothing will be added any more is closed, whatever ended it."""
    try:
        return run.all(held, dry=False)
    except (Cancelled, Problem) as ended:
        session.written(lambda connection: close_change_set(connection, session.release, held))
        if isinstance(ended, Cancelled):
            ended.result = run.told(held)
        raise


@contextmanager
def _file(session: Session, job: Job) -> Iterator[IO[bytes]]:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        for piece in read_file(session, job.id, IN):
            file.write(piece)
        yield file


@dataclass(slots=True, kw_only=True, eq=False)
class _State:
    """Where an import got to: the last row, those that wait, counts, issues, pieces of the error file."""

    row: int = 0
    waiting: list[int]
    tally: Counter[str]
    issues: list[dict[str, Any]]
    pieces: int = 0

    def json(self) -> dict[str, Any]:
        return {
            "row": self.row, "waiting": self.waiting, "tally": dict(self.tally), "issues": self.issues,
            "pieces": self.pieces,
        }  # fmt: skip

    def copy(self) -> _State:
        return _state(self.json())


def _state(kept: Mapping[str, Any]) -> _State:
    return _State(
        row=kept.get("row", 0), waiting=list(kept.get("waiting", ())), tally=Counter(kept.get("tally", {})),
        issues=list(kept.get("issues", ())), pieces=kept.get("pieces", 0),
    )  # fmt: skip


@dataclass(slots=True, kw_only=True, eq=False)
class _Run:
    """One attempt at one import."""

    session: Session
    job: Job
    progress: Progress
    say: Say
    table: Table
    binding: Binding
    state: _State

    def all(self, change_set: str, *, dry: bool) -> Mapping[str, Any]:
        """Every row that is left; then those that wait, as long as some of them find what they name."""
        if dry:
            self._begin_again()
        importer = Importer(
            session=self.session, binding=self.binding, change_set=change_set,
            reason=str(self.job.subject.get("file", "")), dry=dry,
        )  # fmt: skip
        if self.progress.total is None:
            total = sum(1 for _ in self.table.rows())
            self.progress.tell(done=self.progress.done, total=total, cursor=self.state.json())
        fresh = (row for row in self.table.rows() if row[0] > self.state.row)
        while chunk := list(islice(fresh, CHUNK)):
            self._step(importer, chunk, final=len(self.state.waiting) > MOST_WAITING, late=False)
        self._late(importer)
        return self.told(None if dry else change_set)

    def told(self, change_set: str | None) -> Mapping[str, Any]:
        """The result."""
        counts = {name: self.state.tally[name] for name in ("created", "updated", "unchanged", "failed")}
        made = counts["created"] + counts["updated"]
        return {
            "rows": self.progress.done, **counts, "dry_run": bool(self.job.subject.get("dry_run")),
            "change_set": change_set if made else None, "issues": self.state.issues,
        }  # fmt: skip

    def _begin_again(self) -> None:
        """What a dry run would have made is only in memory, so it cannot go on where it was."""
        self.progress.steady = True
        self.state = _state({})
        self.progress.cursor, self.progress.done = {}, 0
        self.session.written(
            lambda connection: cut_file(connection, self.session.release, self.job.id, ERRORS)
        )

    def _late(self, importer: Importer) -> None:
        before = -1
        while self.state.waiting:
            final, before = len(self.state.waiting) == before, len(self.state.waiting)
            waiting = frozenset(self.state.waiting)
            rows = (row for row in self.table.rows() if row[0] in waiting)
            while chunk := list(islice(rows, CHUNK)):
                self._step(importer, chunk, final=final, late=True)

    def _step(self, importer: Importer, chunk: Sequence[Numbered], *, final: bool, late: bool) -> None:
        """One chunk in one transaction, which may be run again where other writers clash with it."""

        def work(connection: Connection) -> tuple[Mark, _State]:
            lines = [Line(number=number, cells=cells) for number, cells in chunk]
            importer.begin()
            if importer.dry:
                connection.run(f"SAVEPOINT {_DRY}")
            importer.chunk(connection, lines, final=final)
            if importer.dry:
                connection.run(f"ROLLBACK TO SAVEPOINT {_DRY}")
                connection.run(f"RELEASE SAVEPOINT {_DRY}")
            state = self._after(connection, importer, lines, late=late)
            waiting = len(state.waiting) - len(self.state.waiting)
            done = self.progress.done + (0 if late else len(lines)) - waiting
            return Mark(done=done, cursor=state.json()), state

        self.state = self.progress.step(work)
        importer.keep()

    def _after(
        self, connection: Connection, importer: Importer, lines: Sequence[Line], *, late: bool
    ) -> _State:
        """What the chunk adds to the state; its failed lines go to the error file."""
        state = self.state.copy()
        state.tally.update(importer.tally)
        gone = {line.number for line in lines if not line.waits}
        waiting = [number for number in state.waiting if number not in gone]
        state.waiting = waiting if late else waiting + [line.number for line in lines if line.waits]
        state.row = state.row if late else lines[-1].number
        if failed := [line for line in lines if line.issues]:
            state.tally["failed"] += len(failed)
            told = [self._issue(issue) for line in failed for issue in line.issues]
            state.issues = (state.issues + told)[:MOST_ISSUES]
            self._write_errors(connection, state, failed)
        return state

    def _write_errors(self, connection: Connection, state: _State, failed: Sequence[Line]) -> None:
        out = io.StringIO()
        writer = csv.writer(out)
        if not state.pieces:
            out.write("\ufeff")
            writer.writerow([*map(guarded, self.table.heads), self._said(_HEAD)])
        for line in failed:
            cells = ["" if cell is None else guarded(written(cell)) for cell in line.cells]
            writer.writerow([*cells, guarded("; ".join(map(self._told, line.issues)))])
        content = out.getvalue().encode()
        write_piece(connection, self.session.release, self.job.id, ERRORS, state.pieces, content)
        state.pieces += 1

    def _told(self, issue: Detail) -> str:
        told = self._issue(issue)
        place = f"{issue.field}: " if issue.field else ""
        return f"{place}{told['message']} {told['hint']}".strip()

    def _issue(self, issue: Detail) -> dict[str, Any]:
        return {
            "row": issue.row, "column": issue.field, "code": issue.code,
            "message": self._said(issue.message), "hint": self._said(issue.hint),
        }  # fmt: skip

    def _said(self, sentence: str) -> str:
        return str(self.say(self.session.actor.language, sentence))
