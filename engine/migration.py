"""Bringing a tenant's tables from one Release to the next: which steps, and performing them.

`steps` compares what two sets of tables want and is pure; `perform` may be cut off at any point and run
again, because a step that the database has already is passed over. Nothing is dropped and no table is
rebuilt. Publishing (runtime) shows the answers of `impact.py` first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, get_args

from engine.backfill import Backfill
from engine.codes import DUPLICATES, RETYPE_REFUSED
from engine.database import Conflict, UniqueClash
from engine.derived.filling import FillDerived
from engine.matching.check import watched_of
from engine.matching.rebuild import MakeKeys
from engine.numbering import NumberRecords
from engine.parentage import FollowParents
from engine.physical import read_physical
from engine.problem import Detail, Problem
from engine.search.rebuild import MakeDocuments
from engine.search.searched import searched_of
from engine.steps import AddColumn, AddIndex, AddLink, CreateTable, MigrationStep, Phase
from metadata.catalog import wholes

if TYPE_CHECKING:
    from engine.database import Connection, Database
    from engine.lists import ListTable
    from engine.search.wanted import Slot
    from engine.tables import KeptField, ObjectTable
    from metadata.catalog import Field, ObjectType

Tables = Mapping[str, "ObjectTable"]

_TOGETHER = 50
"""How many quick steps share a transaction: each holds locks until its end."""

_LOCK_MILLISECONDS = 500
_PAUSE_SECONDS = 0.2
_ATTEMPTS = 60

_ORDER = get_args(Phase)


def steps(old: Tables, new: Tables) -> tuple[MigrationStep, ...]:
    """Return the steps from the tables of one Release to those of another, in the order to perform them.

    Args:
        old: tables by object id (`Release.tables`); empty before the first publication.
        new: the tables wanted.

    Raises:
        Problem: a field's values would have to be kept in another form; all such fields are listed.
    """
    _refuse_retyping(old, new)
    found = (
        step
        for identity, table in new.items()
        for step in (_changed(old[identity], table) if identity in old else _all_created(table))
    )
    wanted = (*found, *_following(old, new), *_searched(old, new), *_matched(old, new))
    return tuple(sorted(wanted, key=lambda step: _ORDER.index(step.phase)))


def perform(wanted: Sequence[MigrationStep], database: Database) -> int:
    """Perform steps, except those that the database has already; return how many were performed.

    Quick steps share transactions. A step that may take long gets its own, or on PostgreSQL none, so that the
    company works on meanwhile. To be called again after the new Release serves: by then only those rows
    are left to do which the old one wrote meanwhile.

    Raises:
        Problem: live rows are equal in a field that shall be unique.
        Conflict: other transactions held a table for longer than half a minute.
    """
    with database.read() as connection:
        physical = read_physical(connection)
    waiting = [step for step in wanted if not step.done(physical)]
    done = 0
    for (alone, _), run in groupby(waiting, key=lambda step: (step.alone, step.phase)):
        for batch in _batches(run, 1 if alone else _TOGETHER):
            done += _perform(batch, database, alone=alone)
    return done


def _perform(batch: Sequence[MigrationStep], database: Database, *, alone: bool) -> int:
    match batch:
        case [
            Backfill()
            | NumberRecords()
            | FollowParents()
            | MakeDocuments()
            | MakeKeys()
            | FillDerived() as step
        ]:
            return 1 if step.run(database) else 0
        case _:
            schema = [step for step in batch if step.sql(database.dialect)]
            if schema:
                _change(schema, database, alone=alone)
            return len(schema)


def _change(batch: Sequence[MigrationStep], database: Database, *, alone: bool) -> None:
    try:
        if alone and not database.dialect.sqlite:
            with database.bare() as connection:
                _run(batch, connection)
        else:
            _together(batch, database)
    except UniqueClash as clash:
        raise _duplicates(batch) from clash


def _together(batch: Sequence[MigrationStep], database: Database) -> None:
    """One transaction that gives way: whoever waits for a table's lock makes all who come later wait too."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with database.write() as connection:
                if not database.dialect.sqlite:
                    connection.run(f"SET LOCAL lock_timeout = '{_LOCK_MILLISECONDS}ms'")
                return _run(batch, connection)
        except Conflict:
            if attempt == _ATTEMPTS:
                raise
            time.sleep(_PAUSE_SECONDS)
    raise AssertionError


def _run(batch: Sequence[MigrationStep], connection: Connection) -> None:
    for step in batch:
        for statement in step.sql(connection.dialect):
            connection.run(statement)


def _duplicates(batch: Sequence[MigrationStep]) -> Problem:
    unique = [step for step in batch if isinstance(step, AddIndex) and step.index.unique]
    details = [
        Detail(
            field=f"{step.table}.{step.index.columns[0]}",
            code=DUPLICATES.id,
            message=f"Records of {step.table} are equal in {', '.join(step.index.columns)}.",
            hint=DUPLICATES.mend,
        )
        for step in unique
    ]
    return Problem(DUPLICATES, "Values that shall be unique are not.", status=409, details=details)


def _created(table: ObjectTable | ListTable) -> Iterator[MigrationStep]:
    yield CreateTable(target=table)
    for key in table.foreign_keys:
        yield AddLink(key=key)
    for index in table.indexes:
        yield AddIndex(index=index, alone=False)


def _all_created(table: ObjectTable) -> Iterator[MigrationStep]:
    yield from _created(table)
    for kept in table.lists.values():
        yield from _created(kept)


def _changed(old: ObjectTable, new: ObjectTable) -> Iterator[MigrationStep]:
    known = {column.column.name for field in old.kept.values() for column in field.columns}
    links = {key.column: key for key in new.foreign_keys}
    for field in new.kept.values():
        for column in field.columns:
            if column.column.name not in known:
                yield AddColumn(kept=column, link=links.get(column.column.name))
                if column.stored.derive is not None and field.value.column.name in known:
                    yield Backfill(kept=field, column=column)
        if field.type.series and not _was_numbered(old, field):
            yield NumberRecords(kept=field, pattern=field.type.series)
    existing = {key.name for key in old.foreign_keys}
    yield from (AddLink(key=key) for key in new.foreign_keys if key.name not in existing)
    indexed = {index.name for index in old.indexes}
    yield from (AddIndex(index=index, alone=True) for index in new.indexes if index.name not in indexed)
    listed = {kept.table.name for kept in old.lists.values()}
    for kept in new.lists.values():
        if kept.table.name not in listed:
            yield from _created(kept)


def _following(old: Tables, new: Tables) -> Iterator[MigrationStep]:
    """Records that become parts, those nearer to the whole first, as the others follow them."""
    parts = [table for table in new.values() if table.object.master]
    for table in sorted(parts, key=lambda table: len(wholes(table.object))):
        link, before = table.object.master, old.get(table.object.id)
        if (
            link
            and link.target
            and before
            and not (before.object.master and before.object.master.id == link.id)
        ):
            yield FollowParents(part=table, parent=new[link.target.id], link=link)


def _searched(old: Tables, new: Tables) -> Iterator[MigrationStep]:
    """Objects whose documents lack a field that has values: one that was not searched, or gets numbers."""
    for identity, table in new.items():
        before = old.get(identity)
        if before is not None and not _searched_as(table) <= _searched_as(before):
            known = {field.id for field in before.object.fields.values() if field.sort.stored}
            added = _searched_as(table) - _searched_as(before)
            numbered = {field.field.id for field in table.kept.values() if field.type.series}
            if any(field in known or field in numbered for field, _ in added):
                yield MakeDocuments(target=table)


def _matched(old: Tables, new: Tables) -> Iterator[MigrationStep]:
    """Objects of whose records a rule against duplicates compares something else than before."""
    before = tuple(table.object for table in old.values())
    after = tuple(table.object for table in new.values())
    for identity, table in new.items():
        known = old.get(identity)
        was = watched_of(before, known.object).signs if known else frozenset()
        if known is not None and not watched_of(after, table.object).signs <= was:
            yield MakeKeys(target=table, objects=after)


def _searched_as(table: ObjectTable) -> frozenset[tuple[str, Slot]]:
    return frozenset((each.field.id, each.slot) for each in searched_of(table.object).fields)


def _was_numbered(old: ObjectTable, field: KeptField) -> bool:
    return any(
        before.value.column.name == field.value.column.name and before.type.series
        for before in old.kept.values()
    )


def _refuse_retyping(old: Tables, new: Tables) -> None:
    details = [
        Detail(
            field=f"{table.object.name}.{field.name}",
            code=RETYPE_REFUSED.id,
            message=f"{before} cannot become {kept_as}.",
            hint=RETYPE_REFUSED.mend,
        )
        for identity, table in new.items()
        for before, field, kept_as in _same_fields(old.get(identity), table)
        if before != kept_as
    ]
    if details:
        raise Problem(RETYPE_REFUSED, "Stored values cannot change their form.", details=details)


def _same_fields(old: ObjectTable | None, new: ObjectTable) -> Iterator[tuple[str, Field, str]]:
    """How the fields that both know were kept, and how they are to be."""
    before = {} if old is None else {field.id: kept_as for field, kept_as in _kept_as(old)}
    return ((before[field.id], field, kept_as) for field, kept_as in _kept_as(new) if field.id in before)


def _kept_as(table: ObjectTable) -> Iterator[tuple[Field, str]]:
    for kept in table.kept.values():
        yield kept.field, _linked(kept.type.storage, kept.field.target)
    for rows in table.lists.values():
        storage = f"a list of {rows.element.storage}{' with sort keys' if rows.sort else ''}"
        yield rows.field, _linked(storage, rows.field.members)


def _linked(storage: str, target: ObjectType | None) -> str:
    return f"{storage} to {target.id}" if target else storage


def _batches(run: Iterator[MigrationStep], size: int) -> Iterator[list[MigrationStep]]:
    while batch := list(islice(run, size)):
        yield batch
