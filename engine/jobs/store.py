"""Jobs as rows: keep, claim by lease, advance under a fence, end. The only SQL over `s_job`.

Statements are made once per dialect; every caller brings its own connection, so that a job advances in the
same transaction as the writes it stands for. Who may ask for what is decided at `desk.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from engine.codec import boolean_form, datetime_form, id_form
from engine.jobs.job import Job, JobState
from engine.statement import Statement, compile_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from engine.database import Connection, Dialect, Row
    from engine.jobs.progress import Mark

_COLUMNS: Final = (
    "id", "kind", "state", "actor", "impersonator", "about", "subject", "done", "total", "cursor", "result",
    "problem", "made_at", "started_at", "ended_at", "cancelling", "attempts",
)  # fmt: skip
_IDS: Final = frozenset({"id", "actor", "impersonator"})
_TIMES: Final = frozenset({"made_at", "started_at", "ended_at"})
_JSON: Final = frozenset({"subject", "cursor", "result", "problem"})
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number", enc_hook=str)

# A job is due that nobody holds: it waits, or the lease of whoever held it has ended. `turn_at` is when it
# was last worked on: jobs that pause take turns.
_WORDS: Final = {
    "all": ", ".join(_COLUMNS),
    "given": ", ".join(f":{name}" for name in _COLUMNS),
    "due": "state IN ('queued', 'running') AND (lease IS NULL OR lease < :now)",
    "fence": "WHERE id = :id AND worker = :worker AND state = 'running'",
    "newest": "made_at < :before ORDER BY made_at DESC, id DESC LIMIT :most",
}
_TEXTS: Final = {
    "keep": "INSERT INTO s_job ({all}, turn_at) VALUES ({given}, :made_at)",
    "any_due": "SELECT 1 FROM s_job WHERE {due} LIMIT 1",
    "next_due": "SELECT id FROM s_job WHERE {due} ORDER BY turn_at, id LIMIT 1 {lock}",
    "claim": "UPDATE s_job SET state = 'running', worker = :worker, lease = :until, attempts = attempts + 1,"
    " started_at = coalesce(started_at, :now) WHERE id = :id AND {due} RETURNING {all}",
    "advance": "UPDATE s_job SET done = :done, total = coalesce(:total, total),"
    " cursor = coalesce(:cursor, cursor), attempts = 0, lease = :until {fence} RETURNING cancelling",
    "release": "UPDATE s_job SET state = 'queued', worker = NULL, lease = :until, turn_at = :now,"
    " attempts = CASE WHEN :counted = 1 THEN attempts ELSE 0 END {fence}",
    "end": "UPDATE s_job SET state = :state, result = :result, problem = :problem, ended_at = :now,"
    " worker = NULL, lease = NULL {fence}",
    "cancel": "UPDATE s_job SET cancelling = {true} WHERE id = :id AND state IN ('queued', 'running')",
    "cancel_waiting": "UPDATE s_job SET state = 'cancelled', ended_at = :now"
    " WHERE id = :id AND state = 'queued' AND started_at IS NULL",
    "find": "SELECT {all} FROM s_job WHERE id = :id",
    "newest": "SELECT {all} FROM s_job WHERE {newest}",
    "newest_own": "SELECT {all} FROM s_job WHERE (actor = :actor OR impersonator = :actor) AND {newest}",
    "forget": "DELETE FROM s_job WHERE ended_at < :before",
    "forget_pieces": "DELETE FROM s_job_piece WHERE job IN (SELECT id FROM s_job WHERE ended_at < :before)",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JobStore:
    """The statements over jobs in one dialect, by name."""

    dialect: Dialect
    statements: Mapping[str, Statement]

    def keep(self, connection: Connection, job: Job) -> None:
        """Keep a new job; it waits from now on."""
        self._run(connection, "keep", **{name: getattr(job, name) for name in _COLUMNS})

    def any_due(self, connection: Connection, now: datetime) -> bool:
        """Whether there is a job to claim; a read, so that an idle tenant is not locked."""
        return bool(self._rows(connection, "any_due", now=now))

    def claim(
        self, connection: Connection, worker: str, now: datetime, until: datetime, id_: str | None = None
    ) -> Job | None:
        """Lease the job that waits longest, or the one named; None where there is none that nobody holds."""
        if id_ is None:
            waiting = self._rows(connection, "next_due", now=now)
            id_ = waiting[0][0] if waiting else None
        if id_ is None:
            return None
        found = self._rows(connection, "claim", id=id_, worker=worker, now=now, until=until)
        return _job(found[0]) if found else None

    def advance(
        self, connection: Connection, id_: str, worker: str, mark: Mark, until: datetime
    ) -> bool | None:
        """Note how far a leased job is; returns whether it is to stop, None where another worker has it."""
        found = self._rows(
            connection, "advance", id=id_, worker=worker, done=mark.done, total=mark.total,
            cursor=mark.cursor, until=until,
        )  # fmt: skip
        return bool(found[0][0]) if found else None

    def release(
        self, connection: Connection, job: Job, worker: str, now: datetime, until: datetime | None, *,
        counted: bool,
    ) -> None:  # fmt: skip
        """Give a leased job back; nobody takes it before `until`. `counted`: the attempt was a failure."""
        self._run(
            connection,
            "release",
            id=job.id,
            worker=worker,
            now=now,
            until=until,
            counted=int(counted),
        )

    def end(
        self, connection: Connection, job: Job, worker: str, now: datetime, state: JobState,
        result: Mapping[str, Any], problem: Mapping[str, Any] | None = None,
    ) -> bool:  # fmt: skip
        """End a leased job; returns False where another worker has it."""
        return bool(
            self._run(
                connection,
                "end",
                id=job.id,
                worker=worker,
                now=now,
                state=state,
                result=result,
                problem=problem,
            )
        )

    def cancel(self, connection: Connection, id_: str, now: datetime) -> None:
        """Let a job end: one that nobody has begun at once, another when its worker looks up."""
        if not self._run(connection, "cancel_waiting", id=id_, now=now):
            self._run(connection, "cancel", id=id_)

    def find(self, connection: Connection, id_: str) -> Job | None:
        """The job with this id."""
        found = self._rows(connection, "find", id=id_)
        return _job(found[0]) if found else None

    def newest(
        self, connection: Connection, before: datetime, most: int, actor: str | None = None
    ) -> tuple[Job, ...]:
        """The newest jobs made before an instant: all of them, or those of one actor."""
        if actor is None:
            rows = self._rows(connection, "newest", before=before, most=most)
        else:
            rows = self._rows(connection, "newest_own", before=before, most=most, actor=actor)
        return tuple(map(_job, rows))

    def forget(self, connection: Connection, before: datetime) -> int:
        """Delete jobs that ended before an instant, with their files; returns how many."""
        self._run(connection, "forget_pieces", before=before)
        return self._run(connection, "forget", before=before)

    def _run(self, connection: Connection, name: str, **values: object) -> int:
        return self.statements[name].run(connection, self._given(values))

    def _rows(self, connection: Connection, name: str, **values: object) -> list[Row]:
        return self.statements[name].rows(connection, self._given(values))

    def _given(self, values: Mapping[str, object]) -> dict[str, object]:
        return {name: None if value is None else self._encoded(name, value) for name, value in values.items()}

    def _encoded(self, name: str, value: Any) -> object:
        if name in _JSON:
            return _ENCODER.encode(value).decode()
        if name in _IDS:
            return (id_form(self.dialect).encode or str)(value)
        if name in _TIMES or name in {"now", "until", "before"}:
            encode = datetime_form(self.dialect).encode
            return encode(value) if encode else value
        if name == "cancelling":
            encode = boolean_form(self.dialect).encode
            return encode(value) if encode else value
        return str(value) if isinstance(value, str) else value


def job_store(dialect: Dialect) -> JobStore:
    """Make the statements of a dialect."""
    decoders = [_decoder(name, dialect) for name in _COLUMNS]
    whole = {"claim", "find", "newest", "newest_own"}
    single = {"next_due": [id_form(dialect).decode], "advance": [boolean_form(dialect).decode]}
    words = {
        **_WORDS,
        "lock": "" if dialect.sqlite else "FOR UPDATE SKIP LOCKED",
        "true": "1" if dialect.sqlite else "true",
    }
    statements = {
        name: compile_text(
            text.format_map(words), dialect, decoders if name in whole else single.get(name, ())
        )
        for name, text in _TEXTS.items()
    }
    return JobStore(dialect=dialect, statements=statements)


def _decoder(name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    if name in _IDS:
        return id_form(dialect).decode
    if name in _TIMES:
        return datetime_form(dialect).decode
    if name == "cancelling":
        return boolean_form(dialect).decode
    return msgspec.json.decode if name in _JSON else None


def _job(row: Sequence[Any]) -> Job:
    values = dict(zip(_COLUMNS, row, strict=True))
    return Job(**(values | {"state": JobState(values["state"])}))
