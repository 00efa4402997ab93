"""Many changes of one object in one request, each with its own outcome.

By default rows that are refused do not stop the others (`partial`); with `"partial": false` all are stored or
none. All of them belong to one change set, so they can be shown and undone together. To change more than one
record that there is already is mass editing, a right of its own; to create many is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, assert_never

import msgspec

from engine.mutation import Create, Delete, Mutation, Restore, Update
from engine.problem import Problem
from runtime.api.answers import answer_json, record_json
from runtime.api.body import Reason, Values, decoder, read_json
from runtime.api.parameters import object_of
from runtime.api.records import ANY, ENTRY, missing_version, within
from runtime.codes import NO_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from engine.mutation import Change
    from engine.problem import Detail
    from engine.record import Record
    from runtime.exchange import Exchange

Version = int | Literal["*"] | None


class CreateRow(msgspec.Struct, tag_field="action", tag="create", forbid_unknown_fields=True):
    """Make a record, with a given id if it was made elsewhere, maybe as a copy of another."""

    values: Values
    id: str | None = None
    copied_from: str | None = None


class UpdateRow(msgspec.Struct, tag_field="action", tag="update", forbid_unknown_fields=True):
    """Change a record that was seen in `version`."""

    id: str
    values: Values
    version: Version = None


class DeleteRow(msgspec.Struct, tag_field="action", tag="delete", forbid_unknown_fields=True):
    """Put a record that was seen in `version` into the recycle bin."""

    id: str
    version: Version = None


class RestoreRow(msgspec.Struct, tag_field="action", tag="restore", forbid_unknown_fields=True):
    """Take a record out of the recycle bin."""

    id: str


ChangeRow = CreateRow | UpdateRow | DeleteRow | RestoreRow


class Batch(msgspec.Struct, forbid_unknown_fields=True):
    """The body: changes in order, why they are made, whether flows start, whether rows stand alone."""

    changes: list[ChangeRow]
    reason: Reason = ""
    automation: bool = True
    partial: bool = True
    accept_duplicates: bool = False


_BATCH = decoder(Batch)


def apply_batch(exchange: Exchange) -> Response:
    """POST /api/v1/{object}/batch: many changes, each with its own outcome."""
    target = object_of(exchange)
    batch = read_json(exchange, _BATCH)
    within(len(batch.changes))
    if missing := missing_versions(batch.changes):
        raise Problem(NO_VERSION, missing[0].message, status=428, details=missing, hint=missing[0].hint)
    result = exchange.signed_in.apply(
        Mutation(
            object=target,
            changes=tuple(change_of(row) for row in batch.changes),
            entry=ENTRY,
            reason=batch.reason,
            automation=batch.automation,
            partial=batch.partial,
            several=True,
            accept_duplicates=batch.accept_duplicates,
        )
    )
    rows = zip(batch.changes, result.records, result.problems, strict=True)
    outcomes = [outcome(*row) for row in rows]
    refused = sum(problem is not None for problem in result.problems)
    return answer_json(
        {
            "change_set": result.change_set,
            "stored": len(outcomes) - refused,
            "refused": refused,
            "results": outcomes,
        }
    )


def missing_versions(changes: Sequence[ChangeRow]) -> list[Detail]:
    """What is said of the changes that do not say which version they saw."""
    return [
        missing_version(number)
        for number, row in enumerate(changes)
        if isinstance(row, UpdateRow | DeleteRow) and row.version is None
    ]


def change_of(row: ChangeRow) -> Change:
    """The change that a row asks for."""
    match row:
        case CreateRow():
            return Create(values=row.values, id=row.id, copied_from=row.copied_from)
        case UpdateRow():
            return Update(id=row.id, values=row.values, version=_seen(row.version))
        case DeleteRow():
            return Delete(id=row.id, version=_seen(row.version))
        case RestoreRow():
            return Restore(id=row.id)
        case _:
            assert_never(row)


def _seen(version: Version) -> int | None:
    return None if version == ANY or isinstance(version, str) else version


def outcome(row: ChangeRow, record: Record | None, problem: Problem | None) -> dict[str, Any]:
    """What became of a row."""
    if problem is not None:
        return {"status": problem.status, "problem": problem.json()}
    if record is not None:
        return {"status": 201 if isinstance(row, CreateRow) else 200, "record": record_json(record)}
    return {"status": 204}
