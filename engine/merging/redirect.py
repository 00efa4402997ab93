"""Where the ids of merged records lead: `s_redirect`, and the passes of the save that follow and end them.

A redirect counts while its old record is gone, and ends when that one comes back; `ended` keeps the change
set that brought it back, so that taking that one back makes the redirect count again. While a large merge is
being done its redirects are `pending`: they lead nowhere yet and keep others from merging the same records.
Survivors that were merged themselves lead on. Who may see what an id leads to is asked by whoever follows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.codec import id_form
from engine.pointing import pointed, pointing
from engine.save.check import unfound
from engine.save.facts import gather
from engine.save.lists import gained
from engine.save.sheet import sheet
from engine.save.work import Kind
from engine.statement import compile_text, id_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from engine.database import Connection
    from engine.release import Release
    from engine.save.work import Row, Work
    from engine.session import Session
    from metadata.catalog import Field, ObjectType

DEEPEST = 100
"""Merges of merges that are followed."""

_AMONG_SQLITE = (
    "IN (WITH RECURSIVE piece(start) AS (SELECT 1 WHERE length(:ids) > 0 UNION ALL"
    " SELECT start + 16 FROM piece WHERE start + 16 < length(:ids))"
    " SELECT substr(:ids, start, 16) FROM piece)"
)
_AMONG = "= ANY (CAST(:ids AS uuid[]))"
_INSERT = (
    "INSERT INTO s_redirect (change_set, object, old, new, pending)"
    " VALUES (:change_set, :object, :old, :new, :pending)"
)
_LEADING = (
    "WITH RECURSIVE way(old, new, depth) AS ("
    "SELECT old, new, 1 FROM s_redirect WHERE object = :object AND old {among} AND {counts}"
    " UNION ALL SELECT way.old, r.new, way.depth + 1 FROM way JOIN s_redirect r ON r.old = way.new"
    " AND r.object = :object AND r.{counts} WHERE way.depth < :most)"
    " SELECT old, new FROM way ORDER BY depth"
)
_END = (
    "UPDATE s_redirect SET ended = :change_set WHERE object = :object AND old {among}"
    " AND (ended IS NULL OR ended = s_redirect.change_set)"
)
_SUSPEND = "UPDATE s_redirect SET ended = :change_set WHERE change_set = :change_set AND ended IS NULL"
_BEGIN_AGAIN = "UPDATE s_redirect SET ended = NULL WHERE ended = :change_set"
_SETTLE = "UPDATE s_redirect SET pending = :settled WHERE change_set = :change_set"
_FORGET = "DELETE FROM s_redirect WHERE change_set = :change_set AND pending"
_OF = "SELECT object, old, new, pending FROM s_redirect WHERE change_set = :change_set ORDER BY old"
_BUSY = (
    "SELECT change_set FROM s_redirect WHERE object = :object AND pending AND (old {among} OR new {among})"
)


def survivors(
    connection: Connection, release: Release, target: ObjectType, ids: Collection[str]
) -> dict[str, str]:
    """Where old ids of an object lead, by old id; those that were never merged are not in it."""
    rows = _run(connection, release, _LEADING, object=target.id, ids=ids, most=DEEPEST)
    return dict(rows)  # the last step of each way comes last


def survivor_of(session: Session, target: ObjectType, record: str) -> str | None:
    """The id of the record that this one was merged into, if the actor may see that; else None."""
    with session.reading() as connection:
        new = survivors(connection, session.release, target, [record]).get(record)
        if new is None:
            return None
        found = session.reader().by_ids(connection, target, (), [new])
    return new if new in found else None


def follow_redirects(work: Work) -> None:
    """Pass: links to merged records lead to what these became; asks only where a link leads nowhere."""
    missing = dict[str, set[str]]()
    objects = {target.id: target for target in work.release.catalog.objects.values()}
    for _, _, target, record in _unfound(work):
        missing.setdefault(target.id, set()).add(record)
    known = {
        (id_, old): new
        for id_, records in missing.items()
        for old, new in survivors(work.connection, work.release, objects[id_], sorted(records)).items()
    }
    if known:
        for row, link, target, record in list(_unfound(work)):
            if (new := known.get((target.id, record))) is not None:
                row.after[link.name] = _instead(row, link, target, record, new)
        gather(work)


def end_redirects(work: Work) -> None:
    """Pass: an id whose record came back leads nowhere else any more."""
    if rows := work.sound(Kind.RESTORED):
        ids = [row.id for row in rows]
        _run(work.connection, work.release, _END, change_set=work.change_set, object=work.object.id, ids=ids)


def write_redirects(
    connection: Connection, release: Release, target: ObjectType, olds: Sequence[str], new: str,
    change_set: str, *, pending: bool,
) -> None:  # fmt: skip
    """From now on, or if `pending` when it is settled, the ids `olds` lead to `new`."""
    for old in olds:
        _run(
            connection, release, _INSERT, change_set=change_set, object=target.id, old=old, new=new,
            pending=pending,
        )  # fmt: skip


def settle_redirects(connection: Connection, release: Release, change_set: str) -> None:
    """The pending redirects of a merge count."""
    _run(connection, release, _SETTLE, change_set=change_set, settled=False)


def suspend_redirects(connection: Connection, release: Release, merge: str) -> None:
    """While a merge is being taken back its redirects lead nowhere: links to the losers mean the losers."""
    _run(connection, release, _SUSPEND, change_set=merge)


def reset_redirects(connection: Connection, release: Release, merge: str, undone: str) -> None:
    """After `undone` was taken back: the change set `merge`, or that of its undo.

    Redirects of records that did not come back count again.
    """
    _run(connection, release, _FORGET, change_set=merge)
    _run(connection, release, _BEGIN_AGAIN, change_set=undone)


def redirects_of(
    connection: Connection, release: Release, change_set: str
) -> tuple[tuple[str, str, str, bool], ...]:
    """For each record that a merge took away: its object's id, its own, where that leads, if pending."""
    rows = _run(connection, release, _OF, change_set=change_set)
    return tuple((target, old, new, bool(pending)) for target, old, new, pending in rows)


def merging_now(
    connection: Connection, release: Release, target: ObjectType, ids: Collection[str]
) -> set[str]:
    """The change sets of merges of these records that are not done yet."""
    return {found for (found,) in _run(connection, release, _BUSY, object=target.id, ids=ids)}


def _unfound(work: Work) -> Iterator[tuple[Row, Field, ObjectType, str]]:
    """The links of a batch of which the database found no record that the writer may see."""
    plan, known = sheet(work.release, work.object), work.facts.links
    for row in work.standing(Kind.CREATED, Kind.UPDATED, Kind.RESTORED):
        for link in plan.links:
            if (value := unfound(work, row, link)) is not None:
                target, record = pointed(link, value)
                if target is not None:
                    yield row, link, target, record
        for link in plan.members:
            for record in gained(row, link.name):
                if link.members is not None and record not in known.get(link.name, {}):
                    yield row, link, link.members, record


def _instead(row: Row, link: Field, target: ObjectType, old: str, new: str) -> Any:
    value = row.after[link.name]
    if link.many:
        return tuple(dict.fromkeys(new if each == old else each for each in value))
    return pointing(link, target, new)


def _run(connection: Connection, release: Release, text: str, **given: Any) -> list[tuple[Any, ...]]:
    """Run one of the statements above; ids and flags in Python's form."""
    dialect, form = release.dialect, id_form(release.dialect)
    decoders = {_LEADING: (form.decode,) * 2, _OF: (None, form.decode, form.decode), _BUSY: (form.decode,)}
    counts = "ended IS NULL AND NOT pending"
    statement = release.statements.get(
        ("redirect", text),
        lambda: compile_text(
            text.replace("r.{counts}", "ended IS NULL AND NOT r.pending")
            .replace("{counts}", counts)
            .replace("{among}", _AMONG_SQLITE if dialect.sqlite else _AMONG),
            dialect,
            decoders.get(text, ()),
        ),
    )
    params = {name: _held(name, value, release) for name, value in given.items()}
    if text in decoders:
        return statement.rows(connection, params)
    statement.run(connection, params)
    return []


def _held(name: str, value: Any, release: Release) -> object:
    dialect, encode = release.dialect, id_form(release.dialect).encode or str
    if name == "ids":
        return id_list(value, dialect)
    if isinstance(value, bool):
        return int(value) if dialect.sqlite else value
    return encode(value) if name in ("change_set", "old", "new") else value
