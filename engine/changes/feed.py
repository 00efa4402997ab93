"""The change feed: what happened since a place in the order of events, as its reader may see it now.

A page goes over numbered entries, so a reader who follows the cursors misses nothing. Rights are those of the
moment: records that the reader sees, fields that she sees. Of a record in the recycle bin only its id and
what happened is told, to whom it would be shown if it came back; of a purged one, to those who see all
records of its object. Called by the API and the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine import codes
from engine.access import Action, Always
from engine.changeset import ChangeSet
from engine.codec import datetime_form, id_form
from engine.history import Changed, changed_fields
from engine.joins import rules_of
from engine.journal import decode_changes
from engine.planner import granted, require_right
from engine.problem import Problem
from engine.rights import HISTORY
from engine.statement import Statement, among_ids, among_texts, compile_statement, id_list, text_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.database import Connection, Row
    from engine.policy import Policy
    from engine.release import Release
    from engine.session import Session
    from metadata.catalog import ObjectType

MOST = 1000
"""Changes in one page."""
WINDOW = 5000
"""Entries that one page goes over at most, whoever may see them: it may be empty and yet not the last."""
NOW = "now"
"""The cursor of what is still to come."""

_ABOUT = "changes"  # what the cursors are for
_HEAD = "SELECT coalesce(max(seq), 0) FROM s_journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One change of one record. Of a record that is `gone` nothing else is told: no fields, no change set."""

    object: ObjectType
    record: str
    version: int
    kind: str
    at: datetime
    change_set: ChangeSet | None
    fields: tuple[Changed, ...]

    @property
    def gone(self) -> bool:
        """Whether the record is in the recycle bin now, or was purged."""
        return self.change_set is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A page of changes in their order; `cursor` leads on, and at once if there is `more`."""

    changes: tuple[Told, ...]
    cursor: str
    more: bool


def feed(session: Session, since: str | None, *, target: ObjectType | None = None, limit: int = 200) -> Feed:
    """The next changes of all records, or of those of one object.

    Args:
        session: whose rights count.
        since: the cursor of an earlier page, `NOW`, or None for the beginning.
        target: the one object, or None.
        limit: at most so many changes, 1 to `MOST`.

    Raises:
        Problem: 403 without the right `history`, or for an object that she may not read at all; 400 for a
            cursor of somebody or something else.
    """
    require_right(session.policy, HISTORY, "follow what changes")
    if target is not None:
        granted(session.policy, target, Action.READ)
    if not 1 <= limit <= MOST:
        raise Problem(codes.BAD_QUERY, f"A page has 1 to {MOST} changes, not {limit}.", status=400)
    objects = _objects(session, target)
    reader = session.reader()
    with session.reading() as connection:
        seal, actor = reader.seal(connection), session.actor.id or ""
        row = connection.row(_HEAD)
        head = int(row[0]) if row else 0
        after = _place(seal.open(actor, _ABOUT, since)) if since not in (None, NOW) else head * (since == NOW)
        until = min(head, after + WINDOW)
        rows = _entries(session.release).rows(
            connection,
            {
                "after": after, "until": until, "row_limit": limit,
                "objects": text_list(objects, session.release.dialect),
            },
        )  # fmt: skip
        reached = int(rows[-1][0]) if len(rows) == limit else until
        seen = _seen(session, connection, objects, rows, reader.given)
    told = (_told(session, objects, row, seen) for row in rows)
    return Feed(
        changes=tuple(one for one in told if one is not None),
        cursor=seal.cursor(actor, _ABOUT, (max(after, reached),)),
        more=reached < head,
    )


def _place(values: tuple[object, ...]) -> int:
    return int(cast("int", values[0]))


def _objects(session: Session, target: ObjectType | None) -> dict[str, ObjectType]:
    """The objects told of, by id."""
    known = [target] if target is not None else session.release.catalog.objects.values()
    return {one.id: one for one in known if not (one.retired or one.query) and session.policy.reads(one)}


def _entries(release: Release) -> Statement:
    return release.statements.get(("feed",), lambda: _build_entries(release))


def _build_entries(release: Release) -> Statement:
    dialect, id_, at = release.dialect, id_form(release.dialect), datetime_form(release.dialect)
    journal = sa.table(
        "s_journal", sa.column("record", id_.type), sa.column("at", at.type), sa.column("seq", sa.BIGINT()),
        *(sa.column(name) for name in ("object", "version", "kind", "changes", "change_set")),
    )  # fmt: skip
    made = sa.table(
        "s_change_set", sa.column("id", id_.type), sa.column("at", at.type),
        *(sa.column(name) for name in ("actor", "entry", "reason", "impersonator")),
    )  # fmt: skip
    columns = (
        *(journal.c[name] for name in ("seq", "object", "record", "version", "kind", "changes")),
        sa.func.coalesce(journal.c.at, made.c.at), made.c.id, made.c.at, made.c.actor, made.c.entry,
        made.c.reason, made.c.impersonator,
    )  # fmt: skip
    rows = sa.select(*columns).select_from(journal.join(made, made.c.id == journal.c.change_set))
    between = (journal.c.seq > sa.bindparam("after"), journal.c.seq <= sa.bindparam("until"))
    rows = rows.where(*between, among_texts(journal.c.object, "objects", dialect))
    decoders = (
        None,
        None,
        id_.decode,
        None,
        None,
        decode_changes,
        at.decode,
        id_.decode,
        at.decode,
        id_.decode,
    )
    limited = rows.order_by(journal.c.seq).limit(sa.bindparam("row_limit"))
    return compile_statement(limited, dialect, (*decoders, None, None, id_.decode))


def _seen(
    session: Session, connection: Connection, objects: Mapping[str, ObjectType], rows: Sequence[Row],
    given: Mapping[str, object],
) -> dict[tuple[str, str], bool]:  # fmt: skip
    """The records that the actor sees, or would see outside the recycle bin, and whether they are in it."""
    ids: dict[str, set[str]] = {}
    for row in rows:
        ids.setdefault(row[1], set()).add(row[2])
    if not ids:
        return {}
    release, names = session.release, tuple(sorted(ids))
    shape = ("feed records", session.policy.key, names)
    statement = release.statements.get(
        shape, lambda: _standing(release, session.policy, [objects[name] for name in names])
    )
    params = {f"ids_{n}": id_list(sorted(ids[name]), release.dialect) for n, name in enumerate(names)}
    return {
        (names[int(n)], record): bool(gone)
        for n, record, gone in statement.rows(connection, {**given, **params})
    }


def _standing(release: Release, policy: Policy, targets: Iterable[ObjectType]) -> Statement:
    dialect, parts = release.dialect, list[sa.Select[Any]]()
    for number, target in enumerate(targets):
        table = release.tables[target.id].table
        rule = rules_of(release).decision(policy.decide(target, Action.READ), target, table)
        place: sa.ColumnElement[int] = sa.literal_column(str(number), sa.INTEGER())
        columns = (place, table.c.id.label("record"), table.c.deleted_at.is_not(None).label("gone"))
        parts.append(sa.select(*columns).where(among_ids(table.c.id, f"ids_{number}", dialect), rule))
    rows = sa.union_all(*parts) if len(parts) > 1 else parts[0]
    return compile_statement(rows, dialect, (None, id_form(dialect).decode))


def _told(
    session: Session, objects: Mapping[str, ObjectType], row: Row, seen: Mapping[tuple[str, str], bool]
) -> Told | None:
    _, name, record, version, kind, changes, at, *made = row
    target = objects[name]
    gone = seen.get((name, record))
    if gone is None and not isinstance(session.policy.decide(target, Action.READ), Always):
        return None
    hidden = gone is None or gone
    return Told(
        object=target,
        record=record,
        version=int(version),
        kind=kind,
        at=at,
        change_set=None if hidden else _change_set(*made),
        fields=() if hidden else _fields(session.policy, target, changes),
    )


def _change_set(
    id_: str, at: datetime, actor: str | None, entry: str, reason: str, impersonator: str | None
) -> ChangeSet:
    return ChangeSet(id=id_, at=at, actor=actor, entry=entry, reason=reason, impersonator=impersonator)


def _fields(
    policy: Policy, target: ObjectType, changes: Sequence[tuple[str, str, Any, Any]]
) -> tuple[Changed, ...]:
    visible = {field.id: field for field in target.fields.values() if policy.readable(field)}
    return tuple(changed_fields(visible, changes))
