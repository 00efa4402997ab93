"""The nightly purge: what has been in the recycle bin for longer than the company keeps it goes for good.

A worker calls `sweep` until it says that today's is done; each call is one transaction over some hundred
records, and where it stands is kept in `s_meta` in that transaction, so that it goes on after a crash and two
workers do not do it twice. The tables are gone through by their ids, each once a night.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from engine import codes
from engine.changes.purge import purge_some, purgeable
from engine.changes.undertaking import CHUNK
from engine.changeset import ChangeSet, write_change_set
from engine.codec import datetime_form, id_form
from engine.problem import Problem
from engine.statement import Statement, compile_statement
from engine.system import meta, set_meta

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.database import Connection
    from engine.release import Release
    from engine.session import Session
    from metadata.catalog import ObjectType

DAYS = 90
"""How long records stay in the bin where nobody has said otherwise."""
MOST_DAYS = 3650
SETTING = "setting"
"""The door of a change set that tells of a setting."""

_SETTING, _PLACE = "bin_days", "bin_sweep"
_FIRST = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the sweep of `day` (ISO) stands: after a record of an object's table; at the end, no `table`."""

    day: str
    change_set: str
    table: str | None = ""
    after: str = _FIRST


_DECODER = msgspec.json.Decoder(Place)


def kept_days(connection: Connection) -> int:
    """For how many days records stay in the bin; 0: for ever."""
    found = meta(connection, _SETTING)
    return DAYS if found is None else int(found)


def keep_days(connection: Connection, days: int) -> None:
    """Set for how many days records stay in the bin. Raises `Problem` unless 0 to `MOST_DAYS`."""
    if not 0 <= days <= MOST_DAYS:
        raise Problem(codes.INVALID, f"Records stay in the bin for 0 to {MOST_DAYS} days; 0 is for ever.")
    set_meta(connection, _SETTING, str(days))


def settle_days(session: Session, days: int) -> None:
    """Set for how many days records stay, and note it as a change set: it decides about the company's data.

    Raises `Problem` as `keep_days`.
    """
    noted = ChangeSet(
        id=session.ids(), at=session.clock(), actor=session.actor.id, entry=SETTING,
        reason="Records stay in the recycle bin" + (f" for {days} days." if days else "."),
        automation=False, impersonator=session.actor.impersonator,
    )  # fmt: skip

    def settle(connection: Connection) -> None:
        keep_days(connection, days)
        write_change_set(connection, session.release, noted)

    session.written(settle)


def sweep(session: Session) -> bool:
    """Do the next piece of today's purge; returns whether there is more to do.

    `session` is the system's. One read where today's is done.
    """
    today = session.organisation().day(session.clock()).isoformat()
    with session.reading() as connection:
        place = _place(connection)
        if place is not None and (place.day, place.table) == (today, None):
            return False
        if (days := kept_days(connection)) == 0:
            return False
        started = place if place and place.table is not None else Place(day=today, change_set=session.ids())
        target, ids = _next(session.release, connection, started, session.clock() - timedelta(days=days))
    held = place

    def step(writing: Connection) -> bool:
        if _place(writing) != held:
            return True  # another worker was faster
        if target is None:
            _keep(writing, replace(started, day=today, table=None))
            return False
        purge_some(session, writing, target, ids, started.change_set, "")
        _keep(writing, replace(started, table=target.table, after=ids[-1]))
        return True

    return session.written(step)


def _place(connection: Connection) -> Place | None:
    found = meta(connection, _PLACE)
    return None if found is None else _DECODER.decode(found)


def _next(
    release: Release, connection: Connection, place: Place, before: datetime
) -> tuple[ObjectType | None, list[str]]:
    """The next records that are due, found without keeping anybody from writing."""
    for target in _targets(release, place.table or ""):
        after = place.after if target.table == place.table else _FIRST
        if ids := _due(release, connection, target, after, before):
            return target, ids
    return None, []


def _targets(release: Release, first: str) -> Sequence[ObjectType]:
    found = [one for one in release.catalog.objects.values() if purgeable(one) and one.table >= first]
    return sorted(found, key=lambda one: one.table)


def _due(
    release: Release, connection: Connection, target: ObjectType, after: str, before: datetime
) -> list[str]:
    statement = release.statements.get(("due", target.id), partial(_build, release, target))
    id_, at = id_form(release.dialect).encode, datetime_form(release.dialect).encode
    values = {"after": id_(after) if id_ else after, "before": at(before) if at else before}
    return [found for (found,) in statement.rows(connection, {**values, "row_limit": CHUNK})]


def _build(release: Release, target: ObjectType) -> Statement:
    table = release.tables[target.id].table
    rows = sa.select(table.c.id).where(
        table.c.deleted_at < sa.bindparam("before", type_=table.c.deleted_at.type),
        table.c.id > sa.bindparam("after", type_=table.c.id.type),
    )
    ordered = rows.order_by(table.c.id).limit(sa.bindparam("row_limit"))
    return compile_statement(ordered, release.dialect, (id_form(release.dialect).decode,))


def _keep(connection: Connection, place: Place) -> None:
    set_meta(connection, _PLACE, msgspec.json.encode(place).decode())
