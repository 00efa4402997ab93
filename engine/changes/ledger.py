"""The change sets of a tenant, newest first: who changed how many records, when, through which door, and why.

Everybody who may see history sees her own, and what somebody did in her name; who may set the company up sees
all. Read by pages, API and command line; what a change set did to one record is `history.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import codes
from engine.changeset import ChangeSet
from engine.codec import boolean_form, datetime_form, id_form
from engine.ids import canonical_id
from engine.planner import require_right
from engine.problem import Problem
from engine.rights import HISTORY, SETUP
from engine.sentence import said
from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.session import Session
    from metadata.catalog import ObjectType

COUNTED = 10_000
"""Counting the changes of one set stops here."""

_SELECT = (
    "SELECT c.id, c.at, c.actor, c.entry, c.reason, c.automation, c.impersonator, c.subject, c.open,"
    " (SELECT count(*) FROM (SELECT 1 AS one FROM s_journal j"
    " WHERE j.change_set = c.id LIMIT :most) AS counted), EXISTS (SELECT 1 FROM s_change_set u"
    " WHERE u.subject = c.id AND u.entry = 'undo' AND NOT EXISTS (SELECT 1 FROM s_change_set r"
    " WHERE r.subject = u.id AND r.entry = 'undo')) FROM s_change_set c WHERE "
)
_OLDER = "(c.at, c.id) < (SELECT b.at, b.id FROM s_change_set b WHERE b.id = :before)"
_NEWEST = " ORDER BY c.at DESC, c.id DESC LIMIT :row_limit"
_OBJECTS = "SELECT object, count(*) FROM s_journal WHERE change_set = :id GROUP BY object ORDER BY object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A change set with the number of its changes, at most `COUNTED`; `undone` unless that was undone too."""

    change_set: ChangeSet
    changes: int
    undone: bool


def sees_all(session: Session) -> bool:
    """Whether the actor may see the change sets of everybody."""
    return session.policy.holds(SETUP)


def recent(
    session: Session, *, limit: int = 50, before: str | None = None, own: bool = False
) -> tuple[Listed, ...]:
    """The newest change sets that the actor may see, or those older than the one with the id `before`.

    Raises `Problem` 403 without the right `history`, 400 for what is no id.
    """
    require_right(session.policy, HISTORY, "see what was changed")
    if before is not None and canonical_id(before) is None:
        raise Problem(codes.BAD_QUERY, "That is no change set to go on from.", status=400)
    rules, given = list[str](), {"row_limit": limit}
    if own or not sees_all(session):
        rules.append("c.actor = :me")
    if before is not None:
        rules.append(_OLDER)
    return _read(session, " AND ".join(rules or ["1 = 1"]) + _NEWEST, before=before, **given)


def change_set(session: Session, id_: str) -> Listed:
    """One change set that the actor may see; raises `Problem` 404 where there is none."""
    require_right(session.policy, HISTORY, "see what was changed")
    known, me = canonical_id(id_), session.actor.id
    found = _read(session, "c.id = :id", id=known) if known else ()
    for one in found:
        if sees_all(session) or (me and me in (one.change_set.actor, one.change_set.impersonator)):
            return one
    message = said("There is no change set {id} that you may see.", id=id_)
    raise Problem(codes.NOT_FOUND, message, status=404, hint=codes.NOT_FOUND.mend)


def objects_of(session: Session, id_: str) -> Mapping[ObjectType, int]:
    """How many changes of each object a change set has; of those that the actor may read at all."""
    release = session.release
    objects = {target.id: target for target in release.catalog.objects.values()}
    statement = release.statements.get(("objects of set",), lambda: compile_text(_OBJECTS, release.dialect))
    encode = id_form(release.dialect).encode or str
    with session.reading() as connection:
        rows = statement.rows(connection, {"id": encode(id_)})
    return {
        objects[name]: number
        for name, number in rows
        if name in objects and session.policy.reads(objects[name])
    }


def _read(session: Session, rules: str, **given: object) -> tuple[Listed, ...]:
    release = session.release
    form, moment, truth = (
        id_form(release.dialect),
        datetime_form(release.dialect),
        boolean_form(release.dialect),
    )
    decoders = (
        form.decode, moment.decode, form.decode, None, None, truth.decode, form.decode, form.decode,
        truth.decode, None, truth.decode,
    )  # fmt: skip
    statement = release.statements.get(
        ("ledger", rules), lambda: compile_text(_SELECT + rules, release.dialect, decoders)
    )
    encode = form.encode or str
    ids = {"me": session.actor.id, **given}
    params = {
        name: encode(value) if isinstance(value, str) else value
        for name, value in {**ids, "most": COUNTED}.items()
        if name in statement.names
    }
    with session.reading() as connection:
        return tuple(_listed(*row) for row in statement.rows(connection, params))


def _listed(
    id_: str, at: datetime, actor: str | None, entry: str, reason: str, automation: bool,
    impersonator: str | None, subject: str | None, open_: bool, changes: int, undone: bool,
) -> Listed:  # fmt: skip
    held = ChangeSet(
        id=id_, at=at, actor=actor, entry=entry, reason=reason, automation=automation,
        impersonator=impersonator, subject=subject, open=open_,
    )  # fmt: skip
    return Listed(change_set=held, changes=changes, undone=undone)
