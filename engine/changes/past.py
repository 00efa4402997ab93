"""A record as it was at an instant: what the journal says happened since is taken back from what it is now.

For who may read the record now, and only fields that she may read now. Values are as JSON has them. What
cannot be told is told as that: a value that was erased, or one that was kept when its field was of another
type. Computed fields follow from others and are left out. Bringing chosen fields back is a save like any
other. Called by pages, API and command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

import msgspec

from engine import codes
from engine.ids import canonical_id
from engine.journal import ERASED, from_journal, read_history
from engine.mutation import Mutation, Update
from engine.naming import unknown_field
from engine.planner import require_right
from engine.problem import Detail, Problem
from engine.query import Query
from engine.rights import HISTORY
from engine.save.before import missing
from engine.save.sheet import BOOKKEEPING
from engine.sentence import said
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.fields.contract import FieldType
    from engine.journal import Past
    from engine.mutation import Result
    from engine.session import Session
    from metadata.catalog import Field, ObjectType

ENTRY = "restore"
MOST = 100_000
"""Entries of one record that are gone through."""


class Lost(StrEnum):
    """Why a value of the past is not told, or cannot be brought back."""

    ERASED = "erased"
    RETYPED = "retyped"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """A field then and now. One that is `lost` has a value only where it can be told as it was kept."""

    field: Field
    then: Any
    now: Any
    lost: Lost | None = None

    @property
    def differs(self) -> bool:
        """Whether the field is not now what it was."""
        return self.lost is not None or self.then != self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """A record as it was at `at`, and had been since `since`; `version` was its version then.

    `deleted` says that it was in the recycle bin then, `binned` that it is now; `now` is its version now.
    """

    object: ObjectType
    record: str
    at: datetime
    since: datetime | None
    version: int
    deleted: bool
    binned: bool
    now: int
    fields: tuple[Was, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Present:
    version: int
    binned: bool
    values: Mapping[str, Any]


def as_of(session: Session, target: ObjectType, record: str, at: datetime) -> AsOf:
    """A record as it was at the instant `at`.

    Raises:
        Problem: 403 without the right `history`; 404 for a record that the actor may not read, that was
            purged, or that did not exist yet.
    """
    require_right(session.policy, HISTORY, "see the history of records")
    fields = tuple(_told(session, target))
    present = _present(session, target, record, fields)
    with session.reading() as connection:
        past = read_history(connection, session.release, target.id, canonical_id(record) or record, MOST)
    past = past[::-1]
    stood = max((place for place, entry in enumerate(past, 1) if entry.at <= at), default=0)
    before, since = past[:stood], past[stood:]
    if not before and since and since[0].kind == "created":
        raise _unborn(target, record, since[0].at)
    return AsOf(
        object=target, record=canonical_id(record) or record, at=at,
        since=before[-1].at if before else None,
        version=before[-1].version if before else since[0].version - 1 if since else present.version,
        deleted=_deleted(before), binned=present.binned, now=present.version,
        fields=tuple(_was(field, present, before, since) for field in fields),
    )  # fmt: skip


def bring_back(
    session: Session, target: ObjectType, record: str, at: datetime, names: Sequence[str], *,
    version: int | None = None, reason: str = "",
) -> Result:  # fmt: skip
    """Give the fields called `names` the values that they had at `at`, as a save of the actor's.

    Without `version` the writer says on purpose that the last write wins. Raises `Problem` as `as_of` and as
    a save do, 422 with a detail for each field whose value cannot be brought back.
    """
    was = {one.field.name: one for one in as_of(session, target, record, at).fields}
    for name in names:
        if name not in was:
            raise unknown_field(session.policy, target, name)
    chosen = [was[name] for name in dict.fromkeys(names)]
    if details := [_refused(one) for one in chosen if one.lost is not None]:
        raise Problem(codes.INVALID, "Some values are refused.", details=details, hint=codes.INVALID.mend)
    values = {one.field.name: one.then for one in chosen}
    change = Update(id=record, values=values, version=version)
    return session.apply(Mutation(object=target, changes=(change,), entry=ENTRY, reason=reason))


def _told(session: Session, target: ObjectType) -> Iterator[Field]:
    """The stored fields that the actor may read; of a part not what is its parent's, and no secrets."""
    inherited = ("owner", "department") if target.master else ()
    for field in target.fields.values():
        own = field.name not in BOOKKEEPING and field.name not in inherited
        if own and field.sort.stored and not field.sort.sealed and session.policy.readable(field):
            yield field


def _present(session: Session, target: ObjectType, record: str, fields: Sequence[Field]) -> _Present:
    """The record as it is now, in the recycle bin too."""
    paths = tuple(FieldPath(field=field) for field in fields if not field.retired)
    try:
        found, binned = session.get(target, record, paths), False
    except Problem as problem:
        if problem.code is not codes.NOT_FOUND or (id_ := canonical_id(record)) is None:
            raise
        where = session.condition(target, f'id = "{id_}"')
        page = session.query(Query(object=target, fields=paths, where=where, limit=1, deleted=True))
        if not page.records:
            raise missing(target, record) from None
        found, binned = page.records[0], True
    return _Present(version=int(found.version or 0), binned=binned, values=_plain(found.json()))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they come out of JSON: instants as texts, numbers exact."""
    text = msgspec.json.Encoder(decimal_format="number").encode(values)
    return msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode(text)


def _deleted(before: Sequence[Past]) -> bool:
    kinds = [entry.kind for entry in before if entry.kind in ("created", "deleted", "restored")]
    return bool(kinds) and kinds[-1] == "deleted"


def _was(field: Field, present: _Present, before: Sequence[Past], since: Sequence[Past]) -> Was:
    now = present.values.get(field.name)
    kept = _kept(field, before, since)
    if kept is None:
        return Was(field=field, then=now, now=now, lost=Lost.RETIRED if field.retired else None)
    sort, value = kept
    if sort == ERASED:
        return Was(field=field, then=None, now=now, lost=Lost.ERASED)
    if sort != field.sort.kind:
        return Was(field=field, then=value, now=now, lost=Lost.RETYPED)
    then = from_journal(cast("FieldType", field.sort), value)
    return Was(field=field, then=then, now=now, lost=Lost.RETIRED if field.retired else None)


def _kept(field: Field, before: Sequence[Past], since: Sequence[Past]) -> tuple[str, Any] | None:
    """The kind of the field and its value at the instant, as an entry holds them; None: it is as it is now.

    The first entry since tells what it found; nobody writes a retired field, so what came last is told.
    """
    for entry in since:
        for id_, sort, old, _ in entry.changes:
            if id_ == field.id:
                return sort, old
    for entry in reversed(before) if field.retired else ():
        for id_, sort, _, new in entry.changes:
            if id_ == field.id:
                return sort, new
    return None


def _unborn(target: ObjectType, record: str, at: datetime) -> Problem:
    message = said("The {object} {record} did not exist yet.", object=target.name, record=record)
    return Problem(codes.NOT_FOUND, message, status=404, hint=said("It was made at {at}.", at=at.isoformat()))


def _refused(one: Was) -> Detail:
    assert one.lost is not None
    message = {
        Lost.ERASED: said("The value was erased."),
        Lost.RETYPED: said("The field was of another type then."),
        Lost.RETIRED: said("The field is no longer in use."),
    }[one.lost]
    return Detail(
        field=one.field.name, code=codes.READ_ONLY.id, message=message, hint=said("Leave this field out.")
    )
