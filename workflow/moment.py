"""What a flow sees: the record as an event left it, the record as it is now, and the person behind the event.

Reads through Sessions only, so that a flow never sees more than the actor it runs as.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.problem import Problem
from engine.query import Query
from engine.save.before import missing
from engine.sight import seen, sight
from formula.program import Env

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.fields.contract import FieldType
    from engine.sequencer import Event
    from engine.session import Session
    from metadata.catalog import FieldPath, ObjectType
    from workflow.plan import Reads

USER = "user"
"""The platform's object of people (apps/platform)."""

DELETED = "deleted"
MISSING = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What formulas are evaluated against: values by reference name, and the surroundings (clock, user…)."""

    row: Mapping[str, object]
    env: Env


def now(
    session: Session, target: ObjectType, record: str, reads: Reads, starter: str | None, at: datetime
) -> Moment:
    """The record as the session's actor sees it, in the recycle bin too.

    Raises `Problem` 404 when it is gone for good or out of sight.
    """
    row = _whole(session, target, record, reads)
    if row is None:
        raise missing(target, record)
    return Moment(row=row, env=_env(session, reads, starter, at, before=None))


def after(session: Session, target: ObjectType, event: Event, reads: Reads, at: datetime) -> Moment | None:
    """The record as the event left it, and as it found it; None when it is gone for good."""
    found = _whole(session, target, event.record, reads)
    if found is None:
        return None
    changed = _changes(target, event)
    new = {name: value for name, (_, value) in changed.items()}
    row = dict(found) if event.kind == DELETED else _overlaid(found, reads.record, new)
    old = {name: value for name, (value, _) in changed.items()}
    before = None if event.kind == "created" else _overlaid(row, reads.record, old)
    return Moment(row=row, env=_env(session, reads, event.actor, at, before=before))


def earlier(moment: Moment) -> Moment | None:
    """The moment before the event, or None when the event created the record."""
    before = moment.env.before
    return None if before is None else Moment(row=before, env=moment.env)


def _whole(session: Session, target: ObjectType, record: str, reads: Reads) -> Mapping[str, Any] | None:
    try:
        return _seen(reads.record, session.get(target, record, reads.record).values)
    except Problem as problem:
        if problem.status != MISSING:
            raise
    where = session.condition(target, f'id = "{record}"')
    asked = Query(object=target, fields=reads.record, where=where, deleted=True, limit=1)
    found = session.query(asked).records
    return _seen(reads.record, found[0].values) if found else None


def _seen(paths: tuple[FieldPath, ...], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a record as formulas see them; behind a lookup too."""
    return dict(values) | {
        path.name: see(value)
        for path in paths
        if not path.part and (see := sight(path)) and (value := values.get(path.name)) is not None
    }


def _changes(target: ObjectType, event: Event) -> dict[str, tuple[Any, Any]]:
    """Old and new value, by name, of each field that the event changed and the object still has."""
    by_id = {field.id: field for field in target.fields.values()}
    found: dict[str, tuple[Any, Any]] = {}
    for id_, _, old, new in event.changes:
        if (field := by_id.get(id_)) is not None:
            sort = cast("FieldType", field.sort)
            found[field.name] = (sort.convert(old), sort.convert(new))
    return found


def _overlaid(
    row: Mapping[str, Any], reads: tuple[FieldPath, ...], values: Mapping[str, object]
) -> dict[str, Any]:
    """`row` with `values` of its own fields, and what follows from them: parts, what their options carry."""
    result = dict(row) | {name: value for name, value in values.items() if name in row}
    for path in reads:
        if path.links or path.field.name not in values:
            continue
        if path.part and path.field.attributes:
            option = path.field.option(str(values[path.field.name]))
            result[path.name] = path.field.attribute(option, path.part)
        elif sight(path):
            result[path.name] = seen(path, values)
    return result


def _env(
    session: Session, reads: Reads, starter: str | None, at: datetime, before: Mapping[str, object] | None
) -> Env:
    known: dict[str, object] = {"$user.id": starter, **session.surroundings(reads.kept)}
    if reads.user and starter is not None:
        user = session.release.catalog.objects[USER]
        person = _seen(reads.user, session.get(user, starter, reads.user).values)
        known |= {f"$user.{path.name}": person.get(path.name) for path in reads.user}
    return Env(now=at, zone=session.actor.zone, globals=known, before=before)
