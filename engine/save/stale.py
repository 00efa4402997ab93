"""Pass: refuse a change that was made on an older version than the record has, showing both.

A change without a version says on purpose that the last write wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from engine import codes
from engine.fields.contract import FieldType
from engine.problem import Problem
from engine.save.sheet import BOOKKEEPING, sheet
from engine.save.work import Kind
from engine.sentence import said

if TYPE_CHECKING:
    from engine.save.work import Row, Work


def check_version(work: Work) -> None:
    """Set the problem of each row whose version is not the record's."""
    for row in work.standing(Kind.UPDATED, Kind.DELETED, Kind.RESTORED):
        if row.version is not None and row.version != row.before["version"]:
            row.problem = _stale(work, row)


def _stale(work: Work, row: Row) -> Problem:
    return Problem(
        codes.STALE_VERSION,
        said(
            "Somebody saved version {saved} after you read version {read}.",
            saved=row.before["version"],
            read=row.version,
        ),
        status=409,
        hint=codes.STALE_VERSION.mend,
        data={
            "yours": {
                "version": row.version,
                "values": {name: _plain(value) for name, value in row.given.items()},
            },
            "theirs": {"version": int(row.before["version"]), "values": _seen(work, row)},
        },
    )


def _seen(work: Work, row: Row) -> dict[str, object]:
    """The stored values that the actor may read, fit for JSON."""
    return {
        field.name: cast(FieldType, field.sort).json(row.before.get(field.name))
        for field in sheet(work.release, work.object).fields.values()
        if field.name not in BOOKKEEPING and work.policy.readable(field)
    }


def _plain(value: object) -> object:
    match value:
        case str() | int() | Decimal() | None:
            return value
        case Mapping():
            return {str(name): _plain(part) for name, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case _:
            return str(value)
