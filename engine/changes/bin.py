"""The recycle bin: what was deleted, newest first, over all objects that one may read.

What went along with a record is told at that record and not listed again. Read from the journal's entries of
deletions, and put to the rights and the state of the records as they are now; a record is there as long as
nobody restored or purged it. Restoring is a save, removing for good is `purge.py`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.access import Action
from engine.changeset import ChangeSet
from engine.codec import datetime_form, id_form
from engine.ids import canonical_id
from engine.joins import rules_of
from engine.planner import granted
from engine.problem import Problem
from engine.query import Query
from engine.save.sheet import sheet
from engine.statement import Statement, among_ids, among_texts, compile_statement, id_list, text_list
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.database import Connection
    from engine.policy import Policy
    from engine.release import Release
    from engine.session import Session
    from metadata.catalog import Field, ObjectType

Key = tuple[str, str]
"""A record: object id and record id."""

MOST = 200
"""Records in one page."""
ROUNDS = 10
"""How often a page looks on where deletions were taken back or may not be seen."""
STEP = 200
TOGETHER = 2000
"""Records of one page's deletions that are looked at for what went along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """A record in the recycle bin. `title` is None where it has none that the actor may read.

    `change_set` is the deletion; `along` counts what went in with the record and can be seen.
    """

    object: ObjectType
    record: str
    title: str | None
    at: datetime
    change_set: ChangeSet
    along: Mapping[ObjectType, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """A page; `next` leads on, and is None at the end."""

    records: tuple[Binned, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deletion:
    """An entry of the journal that put a record into the bin."""

    entry: str
    key: Key
    at: datetime
    change_set: ChangeSet


@dataclass(slots=True, kw_only=True)
class _Look:
    """What a page has found so far: deletions, and what holds each record that went along."""

    found: list[_Deletion] = field(default_factory=list)
    standing: dict[Key, tuple[datetime, Key | None]] = field(default_factory=dict)


def recycled(
    session: Session, target: ObjectType | None = None, *, limit: int = 50, before: str | None = None
) -> Bin:
    """The records in the recycle bin that the actor may read, the last deleted ones first.

    Args:
        session: whose rights count.
        target: only records of this object, or None.
        limit: at most so many, 1 to `MOST`.
        before: the `next` of another page.

    Raises:
        Problem: 403 for an object that she may not read at all, 400 for what is no page.
    """
    if target is not None:
        granted(session.policy, target, Action.READ)
    if not 1 <= limit <= MOST or (before is not None and canonical_id(before) is None):
        raise Problem(codes.BAD_QUERY, f"A page has 1 to {MOST} records.", status=400)
    objects = _objects(session, target)
    given, look = session.reader().given, _Look()
    with session.reading() as connection:
        last = _gather(session, connection, objects, look, limit, before, given)
        shown = look.found[:limit]
        along = _along(session, connection, objects, shown, given)
    titles = _titles(session, objects, shown)
    return Bin(
        records=tuple(_binned(objects, one, titles, along) for one in shown),
        next=shown[-1].entry if len(look.found) > limit else last,
    )


def _objects(session: Session, target: ObjectType | None) -> dict[str, ObjectType]:
    known = [target] if target is not None else session.release.catalog.objects.values()
    return {one.id: one for one in known if not (one.retired or one.query) and session.policy.reads(one)}


def _gather(
    session: Session, connection: Connection, objects: Mapping[str, ObjectType], look: _Look, limit: int,
    before: str | None, given: Mapping[str, object],
) -> str | None:  # fmt: skip
    """Look at deletions until there is one more than the page shows; returns where to go on after many."""
    release = session.release
    statement = release.statements.get(("deletions",), lambda: _deletions(release))
    encode, end = id_form(release.dialect).encode or str, before or "f" * 8 + "-ffff-ffff-ffff-" + "f" * 12
    for _ in range(ROUNDS):
        values = {"before": encode(end), "row_limit": STEP, "objects": text_list(objects, release.dialect)}
        met = [_deletion(*row) for row in statement.rows(connection, values)]
        now = _standing(session, connection, objects, (one.key for one in met), given)
        for one in met:
            if one.key in now and now[one.key] == (one.at, None):
                look.found.append(one)
        if len(look.found) > limit or len(met) < STEP:
            return None
        end = met[-1].entry
    return end


def _deletions(release: Release) -> Statement:
    dialect, id_, at = release.dialect, id_form(release.dialect), datetime_form(release.dialect)
    journal = sa.table(
        "s_journal", sa.column("id", id_.type), sa.column("record", id_.type), sa.column("at", at.type),
        *(sa.column(name) for name in ("object", "kind", "change_set")),
    )  # fmt: skip
    made = sa.table(
        "s_change_set", sa.column("id", id_.type), sa.column("at", at.type),
        *(sa.column(name) for name in ("actor", "entry", "reason", "impersonator")),
    )  # fmt: skip
    columns = (
        journal.c.id, journal.c.object, journal.c.record, sa.func.coalesce(journal.c.at, made.c.at),
        made.c.id, made.c.at, made.c.actor, made.c.entry, made.c.reason, made.c.impersonator,
    )  # fmt: skip
    older = journal.c.id < sa.bindparam("before", type_=id_.type)
    rows = (
        sa.select(*columns)
        .select_from(journal.join(made, made.c.id == journal.c.change_set))
        .where(journal.c.kind == sa.literal_column("'deleted'"), older)
        .where(among_texts(journal.c.object, "objects", dialect))
        .order_by(journal.c.id.desc())
        .limit(sa.bindparam("row_limit"))
    )
    decoders = (id_.decode, None, id_.decode, at.decode, id_.decode, at.decode, id_.decode, None, None)
    return compile_statement(rows, dialect, (*decoders, id_.decode))


def _deletion(
    entry: str, name: str, record: str, at: datetime, id_: str, opened: datetime, actor: str | None,
    door: str, reason: str, impersonator: str | None,
) -> _Deletion:  # fmt: skip
    made = ChangeSet(id=id_, at=opened, actor=actor, entry=door, reason=reason, impersonator=impersonator)
    return _Deletion(entry=entry, key=(name, record), at=at, change_set=made)


def _standing(
    session: Session, connection: Connection, objects: Mapping[str, ObjectType], keys: Iterable[Key],
    given: Mapping[str, object],
) -> dict[Key, tuple[datetime, Key | None]]:  # fmt: skip
    """Those in the bin that the actor may read: since when, and with what they went along."""
    ids: dict[str, set[str]] = {}
    for name, record in keys:
        ids.setdefault(name, set()).add(record)
    if not ids:
        return {}
    release, names = session.release, tuple(sorted(ids))
    shape = ("bin", session.policy.key, names)
    make = partial(_build, release, session.policy, [objects[name] for name in names])
    params = {f"ids_{n}": id_list(sorted(ids[name]), release.dialect) for n, name in enumerate(names)}
    rows = release.statements.get(shape, make).rows(connection, {**given, **params})
    found: dict[Key, tuple[datetime, Key | None]] = {}
    for place, record, at, held, holder in rows:
        above = None if holder is None else (held, holder)
        found[names[int(place)], record] = (at, above)
    return found


def _build(release: Release, policy: Policy, targets: Sequence[ObjectType]) -> Statement:
    dialect, parts = release.dialect, list[sa.Select[Any]]()
    at, id_ = datetime_form(dialect).decode, id_form(dialect).decode
    for number, target in enumerate(targets):
        table = release.tables[target.id].table
        rule = rules_of(release).decision(policy.decide(target, Action.READ), target, table)
        place: sa.ColumnElement[int] = sa.literal_column(str(number), sa.INTEGER())
        held, holder = _above(release, target)
        columns = (place, table.c.id.label("record"), table.c.deleted_at.label("gone"), held, holder)
        rows = sa.select(*columns).where(among_ids(table.c.id, f"ids_{number}", dialect), rule)
        parts.append(rows.where(table.c.deleted_at.is_not(None)))
    whole = sa.union_all(*parts) if len(parts) > 1 else parts[0]
    return compile_statement(whole, dialect, (None, id_, at, None, id_))


def _above(release: Release, target: ObjectType) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """The object and the id of the record with which one of `target` went into the bin; NULL for none."""
    form = id_form(release.dialect)
    whens = list(_cascading(release, target))
    nothing = sa.null()
    if not whens:
        return sa.cast(nothing, sa.TEXT()).label("held"), sa.cast(nothing, form.type).label("holder")
    names = [(rule, sa.literal_column(f"'{other.id}'", sa.TEXT())) for rule, other, _ in whens]
    ids = [(rule, column) for rule, _, column in whens]
    return sa.case(*names).label("held"), sa.case(*ids).label("holder")


def _cascading(
    release: Release, target: ObjectType
) -> Iterator[tuple[sa.ColumnElement[bool], ObjectType, sa.ColumnElement[Any]]]:
    """For each link that takes records of `target` along: whether it did, to which object, and the link."""
    table, kept = release.tables[target.id].table, release.tables[target.id].kept
    for link in sheet(release, target).links:
        if link.on_delete != "cascade" or link.name not in kept:
            continue
        for other in _meant(link):
            above = release.tables[other.id].table.alias()
            parts = kept[link.name].parts
            column = parts["id"].column if link.others else kept[link.name].value.column
            rules = [above.c.id == column, above.c.deleted_at == table.c.deleted_at]
            if link.others:
                code = parts["object"].column
                rules.append(code == sa.literal(other.table, code.type))
            same: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(above).where(*rules)
            yield same.correlate_except(above).exists(), other, column


def _meant(link: Field) -> Iterator[ObjectType]:
    for other in (link.target, *link.others):
        if other is not None and not (other.retired or other.query):
            yield other


def _along(
    session: Session, connection: Connection, objects: Mapping[str, ObjectType],
    shown: Sequence[_Deletion], given: Mapping[str, object],
) -> Mapping[Key, Counter[str]]:  # fmt: skip
    """How many records of each object went into the bin with each of the records shown, directly or not."""
    release = session.release
    sets = {one.change_set.id for one in shown}
    if not sets:
        return {}
    statement = release.statements.get(("deleted in",), lambda: _together(release))
    values = {"sets": id_list(sorted(sets), release.dialect), "row_limit": TOGETHER}
    keys = [(name, id_) for name, id_ in statement.rows(connection, values) if name in objects]
    above = {key: held for key, (_, held) in _standing(session, connection, objects, keys, given).items()}
    found: dict[Key, Counter[str]] = {}
    for key in above:
        top, steps = key, 0
        while (held := above.get(top)) is not None and steps < TOGETHER:
            top, steps = held, steps + 1
        if top != key:
            found.setdefault(top, Counter())[key[0]] += 1
    return found


def _together(release: Release) -> Statement:
    id_ = id_form(release.dialect)
    names = ("object", "kind")
    typed = (sa.column(name, id_.type) for name in ("record", "change_set"))
    journal = sa.table("s_journal", *typed, *(sa.column(name) for name in names))
    rows = sa.select(journal.c.object, journal.c.record).where(
        among_ids(journal.c.change_set, "sets", release.dialect),
        journal.c.kind == sa.literal_column("'deleted'"),
    )
    return compile_statement(rows.limit(sa.bindparam("row_limit")), release.dialect, (None, id_.decode))


def _titles(
    session: Session, objects: Mapping[str, ObjectType], shown: Sequence[_Deletion]
) -> dict[Key, str | None]:
    by: dict[str, list[str]] = {}
    for one in shown:
        by.setdefault(one.key[0], []).append(one.key[1])
    found: dict[Key, str | None] = {}
    for name, ids in by.items():
        target = objects[name]
        if target.title is None or not session.policy.readable(target.title):
            continue
        where = session.condition(target, " || ".join(f'id = "{id_}"' for id_ in ids))
        paths = (FieldPath(field=target.title),)
        page = session.query(Query(object=target, fields=paths, where=where, limit=len(ids), deleted=True))
        found |= {(name, record.id): record.title() for record in page.records}
    return found


def _binned(
    objects: Mapping[str, ObjectType], one: _Deletion, titles: Mapping[Key, str | None],
    along: Mapping[Key, Counter[str]],
) -> Binned:  # fmt: skip
    counts = along.get(one.key, Counter())
    return Binned(
        object=objects[one.key[0]], record=one.key[1], title=titles.get(one.key), at=one.at,
        change_set=one.change_set, along={objects[name]: n for name, n in sorted(counts.items())},
    )  # fmt: skip
