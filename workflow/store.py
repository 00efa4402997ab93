"""Runs as rows: keep, claim, and move them under a fence. The only SQL of this room, over its own tables.

Statements are made once per dialect; every caller brings its own connection, so that a run moves in the same
transaction as the write it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.codec import datetime_form, id_form
from engine.statement import Statement, compile_text
from workflow.run import Lease, Run, RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.database import Connection, Dialect

_COLUMNS = (
    "id", "flow", "version", "object", "record", "event", "starter", "depth", "position", "sequence", "state",
    "due", "reason",
)  # fmt: skip
_IDS = frozenset({"id", "record", "starter"})

_KEEP = f"INSERT INTO s_run ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"  # noqa: S608
_START = (
    "INSERT INTO s_run_start (event, flow, run) VALUES (:event, :flow, :run)"
    " ON CONFLICT (event, flow) DO NOTHING"
)
_CLAIM = f"""UPDATE s_run SET worker = :worker, lease = :until WHERE id IN (
    SELECT id FROM s_run WHERE state = 'ready' AND due <= :now AND (lease IS NULL OR lease < :now)
    ORDER BY due LIMIT :limit {{lock}}
) RETURNING {", ".join(_COLUMNS)}"""  # noqa: S608
_MOVE = """UPDATE s_run SET position = :position, sequence = :sequence, state = :state, due = :due,
    reason = :reason, worker = CASE WHEN :leased = 1 THEN worker END,
    lease = CASE WHEN :leased = 1 THEN lease END
    WHERE id = :id AND sequence = :before AND worker = :worker AND state = 'ready'"""
_DUE = "SELECT 1 FROM s_run WHERE state = 'ready' AND due <= :now AND (lease IS NULL OR lease < :now) LIMIT 1"
_MARK = "INSERT INTO s_run_write (change_set, depth) VALUES (:change_set, :depth)"
_DEPTH = "SELECT depth FROM s_run_write WHERE change_set = :change_set"
_OF_RECORD = f"SELECT {', '.join(_COLUMNS)} FROM s_run WHERE record = :record ORDER BY event, id"  # noqa: S608


class Fenced(Exception):  # noqa: N818 - not a fault: somebody else moved the run
    """The lease or the sequence has passed to another worker; whatever was prepared here must not be kept."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunStore:
    """The statements over runs in one dialect."""

    dialect: Dialect
    keep_run: Statement
    keep_start: Statement
    claim_runs: Statement
    move_run: Statement
    due_runs: Statement
    mark_write: Statement
    find_depth: Statement
    find_record: Statement

    def start(self, connection: Connection, run: Run) -> bool:
        """Keep a new run, unless this flow was started by this event before; return whether it was kept."""
        key = {"event": run.event, "flow": run.flow, "run": self._id(run.id)}
        if not self.keep_start.run(connection, key):
            return False
        self.keep_run.run(connection, self._row(run))
        return True

    def claim(self, connection: Connection, lease: Lease, now: datetime, limit: int) -> tuple[Run, ...]:
        """Lease up to `limit` due runs that nobody holds, the longest due first."""
        at = datetime_form(self.dialect).encode or _same
        params = {"worker": lease.worker, "until": at(lease.until), "now": at(now), "limit": limit}
        return self._runs(self.claim_runs.rows(connection, params))

    def any_due(self, connection: Connection, now: datetime) -> bool:
        """Whether there is a run to claim; a read, so that an idle tenant is not locked."""
        at = datetime_form(self.dialect).encode or _same
        return self.due_runs.row(connection, {"now": at(now)}) is not None

    def move(
        self, connection: Connection, before: Run, after: Run, worker: str, *, leased: bool = False
    ) -> None:
        """Replace the state of a leased run; give the lease back unless it stays `leased`.

        Raises:
            Fenced: the run is no longer where `before` says, or no longer `worker`'s.
        """
        fence = {"before": before.sequence, "worker": worker, "leased": int(leased)}
        if not self.move_run.run(connection, self._state(after) | fence):
            raise Fenced(before.id)

    def mark(self, connection: Connection, change_set: str, depth: int) -> None:
        """Remember that a change set was written by a run that stands `depth` flows deep."""
        self.mark_write.run(connection, {"change_set": self._id(change_set), "depth": depth})

    def depth(self, connection: Connection, change_set: str) -> int:
        """How many flows stand behind a change set; 0 when none does."""
        row = self.find_depth.row(connection, {"change_set": self._id(change_set)})
        return 0 if row is None else int(row[0])

    def of_record(self, connection: Connection, record: str) -> tuple[Run, ...]:
        """All runs that a record's changes have started, oldest first."""
        return self._runs(self.find_record.rows(connection, {"record": self._id(record)}))

    def _id(self, id_: str | None) -> object:
        return (id_form(self.dialect).encode or _same)(id_) if id_ is not None else None

    def _state(self, run: Run) -> dict[str, object]:
        at = datetime_form(self.dialect).encode or _same
        return {
            "id": self._id(run.id),
            "position": run.position,
            "sequence": run.sequence,
            "state": run.state.value,
            "due": at(run.due),
            "reason": run.reason,
        }

    def _row(self, run: Run) -> Mapping[str, object]:
        fixed = {name: getattr(run, name) for name in ("flow", "version", "object", "event", "depth")}
        return (
            self._state(run) | fixed | {name: self._id(getattr(run, name)) for name in ("record", "starter")}
        )

    @staticmethod
    def _runs(rows: Sequence[tuple[Any, ...]]) -> tuple[Run, ...]:
        named: Iterable[dict[str, Any]] = (dict(zip(_COLUMNS, row, strict=True)) for row in rows)
        return tuple(Run(**(values | {"state": RunState(values["state"])})) for values in named)


def run_store(dialect: Dialect) -> RunStore:
    """Make the statements of a dialect."""
    id_decode, at_decode = id_form(dialect).decode, datetime_form(dialect).decode
    decoders = [id_decode if name in _IDS else at_decode if name == "due" else None for name in _COLUMNS]
    lock = "" if dialect.sqlite else "FOR UPDATE SKIP LOCKED"

    def text(sql: str, decoders: Sequence[Callable[[Any], Any] | None] = ()) -> Statement:
        return compile_text(sql, dialect, decoders)

    return RunStore(
        dialect=dialect,
        keep_run=text(_KEEP),
        keep_start=text(_START),
        claim_runs=text(_CLAIM.format(lock=lock), decoders),
        move_run=text(_MOVE),
        due_runs=text(_DUE),
        mark_write=text(_MARK),
        find_depth=text(_DEPTH),
        find_record=text(_OF_RECORD, decoders),
    )


def _same(value: Any) -> Any:
    return value
